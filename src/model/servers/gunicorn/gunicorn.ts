import { EventLoops } from '../event-loops.js';
import type { Server, ServerType, Site } from '../server.js';
import { GREENLET_SCRIPT, GUNICORN_COSTS } from './costs.js';
import { GthreadWorkers } from './gthread.js';
import { type GunicornParams, gunicornParams } from './params.js';
import { SyncWorkers } from './sync.js';

function assemble(params: GunicornParams, site: Site): Server {
  if (params.workerClass === 'sync') return new SyncWorkers(params, site);
  return params.workerClass === 'gthread' ? new GthreadWorkers(params, site) : greenlets(params, site);
}

/** gevent: greenlets in one event loop a worker. */
function greenlets({ workers, workerConnections, backlog }: GunicornParams, site: Site): Server {
  const { acceptNs, emptyAcceptNs } = GUNICORN_COSTS;
  const processNames = Array.from({ length: workers }, (_, w) => `worker-${w}`);
  return new EventLoops(
    { processNames, connections: workerConnections, backlog, script: GREENLET_SCRIPT, acceptNs, emptyAcceptNs },
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
  params: gunicornParams,
  slots: ({ workers, threads, workerClass, workerConnections }) => ({
    processes: workers,
    threads: workerClass === 'gevent' ? workerConnections : threads,
  }),
  explain: explainWorkers,
  assemble,
};
