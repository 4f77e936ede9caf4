import { EventLoops } from '../common/event-loops/event-loops.js';
import type { Loops } from '../common/event-loops/loop-watch.js';
import { notWholeSeconds } from '../common/whole-seconds.js';
import type { Server, ServerType, Site } from '../server.js';
import { bootOf } from './boot.js';
import { GREENLET_SCRIPT, GUNICORN_COSTS } from './costs.js';
import { GreenletTimeouts } from './greenlet-timeouts.js';
import { GthreadWorkers } from './gthread.js';
import { MaxRequests } from './max-requests.js';
import { type GunicornParams, gunicornParams, withoutEffect } from './params.js';
import { syncWorkers } from './sync.js';

function assemble(params: GunicornParams, site: Site): Server {
  const { workers, maxRequests: most, maxRequestsJitter: jitter } = params;
  const limit = most === 0 ? null : new MaxRequests(workers, most, jitter, site.streams.open('gunicorn/max-requests'));
  if (params.workerClass === 'sync') return syncWorkers(params, site, limit);
  return params.workerClass === 'gthread' ? new GthreadWorkers(params, site, limit) : greenlets(params, site, limit);
}

/** gevent: greenlets in one event loop a worker. */
function greenlets(params: GunicornParams, site: Site, maxRequests: MaxRequests | null): Server {
  const { workers, workerConnections: connections, backlog, preloadApp: preloads } = params;
  const { acceptNs, emptyAcceptNs } = GUNICORN_COSTS;
  const processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
  const boot = bootOf(params, site);
  const script = GREENLET_SCRIPT;
  const { timeoutNs } = params;
  const watch =
    timeoutNs === Number.POSITIVE_INFINITY ? null : (loops: Loops) => new GreenletTimeouts(site, timeoutNs, loops);
  return new EventLoops(
    { processNames, connections, backlog, script, acceptNs, emptyAcceptNs, preloads, boot, maxRequests, watch },
    site,
  );
}

function explainWorkers({ workers, threads, workerClass, workerConnections }: GunicornParams): string {
  const each = workerClass === 'gevent' ? `up to ${workerConnections} greenlets` : many(threads, 'thread');
  return `${many(workers, `${workerClass} worker`)} x ${each}`;
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

export const gunicorn: ServerType<GunicornParams> = {
  name: 'gunicorn',
  languages: ['python'],
  canRestart: true,
  params: gunicornParams,
  slots: ({ workers, threads, workerClass, workerConnections }) => ({
    processes: workers,
    threads: workerClass === 'gevent' ? workerConnections : threads,
  }),
  explain: explainWorkers,
  check: ({ timeoutNs: timeout, gracefulTimeoutNs: graceful_timeout }) =>
    notWholeSeconds('gunicorn', { timeout, graceful_timeout }),
  withoutEffect,
  assemble,
};
