import { guarded } from '../control/assemble.js';
import { assembleServer } from '../servers/registry.js';
import type { Server, Site } from '../servers/server.js';
import type { SystemSpec } from '../spec.js';
import { Fleet } from './load-balancer/fleet.js';
import { ReverseProxy } from './proxy/reverse-proxy.js';

/** The server, with what stands in front of it. What is not in the scenario is not there and costs nothing. */
export function assembleBehindEdges(spec: SystemSpec, site: Site): Server {
  const assemble = guarded(spec.control, (at: Site): Server => assembleServer(spec.server, at));
  const { balancer, proxy } = spec.edges;
  const behindProxy = balancer === null ? assemble : (at: Site): Server => new Fleet(balancer, at, assemble);
  return proxy === null ? behindProxy(site) : new ReverseProxy(proxy, site, behindProxy);
}
