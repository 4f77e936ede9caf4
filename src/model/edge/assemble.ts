import { guarded } from '../control/assemble.js';
import { assembleServer, slotsOf } from '../servers/registry.js';
import type { Server, Site } from '../servers/server.js';
import type { SystemSpec } from '../spec.js';
import { Fleet, type Scaling } from './load-balancer/fleet.js';
import { ReverseProxy } from './proxy/reverse-proxy.js';
import { SilentHost } from './silent-host.js';

/** The server, with what stands in front of it. What is not in the scenario is not there and costs nothing. */
export function assembleBehindEdges(spec: SystemSpec, site: Site): Server {
  const answering = guarded(spec.control, (at: Site): Server => assembleServer(spec.server, at));
  const fallsSilent =
    spec.operations?.some((operation) => operation.kind === 'host-loss' && operation.isSilent) ?? false;
  const assemble = fallsSilent ? (at: Site): Server => new SilentHost(at, answering) : answering;
  const { balancer, proxy } = spec.edges;
  const behindProxy =
    balancer === null ? assemble : (at: Site): Server => new Fleet(balancer, at, assemble, scalingOf(spec));
  return proxy === null ? behindProxy(site) : new ReverseProxy(proxy, site, behindProxy);
}

function scalingOf({ control, server }: SystemSpec): Scaling | null {
  const autoscaler = control?.autoscaler ?? null;
  if (autoscaler === null) return null;
  const { processes, threads } = slotsOf(server);
  return { spec: autoscaler, threadsPerHost: processes * threads };
}
