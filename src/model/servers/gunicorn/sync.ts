import { ForkingServer } from '../common/forking/forking-server.js';
import type { Server, Site } from '../server.js';
import { Arbiter } from './arbiter.js';
import { bootOf } from './boot.js';
import { GUNICORN_COSTS, syncScript } from './costs.js';
import type { MaxRequests } from './max-requests.js';
import type { GunicornParams } from './params.js';

/**
 * gunicorn with sync workers: processes that serve one request at a time from a shared listening socket, one M/G/c
 * queue (see `ForkingServer`). A worker accepts until there is nothing, then sleeps in `select`; a connection wakes every
 * sleeper, and the operating system decides which of them is first (drawn).
 * @see benoitc/gunicorn 20.1.0 gunicorn/workers/sync.py run_for_one
 */
export function syncWorkers(params: GunicornParams, site: Site, maxRequests: MaxRequests | null): Server {
  const { overheads, host } = site;
  return new ForkingServer(
    {
      name: 'gunicorn',
      workers: params.workers,
      threadNames: ['main'],
      wakesOne: false,
      preloads: params.preloadApp,
      checksClients: false,
      backlog: params.backlog,
      script: syncScript(overheads),
      wakeLatencyNs: overheads ? host.wakeLatencyNs : 0,
      emptyAcceptNs: overheads ? GUNICORN_COSTS.emptyAcceptNs : 0,
      dropNs: 0,
      boot: bootOf(params, site),
      supervise: (workers) => new Arbiter(params, site, maxRequests, workers),
    },
    site,
  );
}
