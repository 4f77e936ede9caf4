import { assembleServer } from '../servers/registry.js';
import type { Server, Site } from '../servers/server.js';
import type { SystemSpec } from '../spec.js';
import { Fleet } from './load-balancer/fleet.js';

/** The server, with what stands in front of it. What is not in the scenario is not there and costs nothing. */
export function assembleBehindEdges(spec: SystemSpec, site: Site): Server {
  const assemble = (at: Site): Server => assembleServer(spec.server, at);
  const { balancer } = spec.edges;
  return balancer === null ? assemble(site) : new Fleet(balancer, site, assemble);
}
