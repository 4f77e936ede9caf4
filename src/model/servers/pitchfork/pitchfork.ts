import type { ProcessId } from '../../entities/ids.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import { ForkingServer } from '../common/forking/forking-server.js';
import type { Supervisor, Workers } from '../common/forking/supervisor.js';
import { unicornWork } from '../common/forking/work.js';
import { lateRackTimeout } from '../common/late-rack-timeout.js';
import { notWholeSeconds } from '../common/whole-seconds.js';
import type { Server, ServerProblem, ServerType, Site } from '../server.js';
import { type PitchforkParams, pitchforkParams } from './params.js';
import { Reforking } from './reforking.js';
import { Timeouts } from './timeouts.js';

/**
 * Pitchfork's monitor: two timeouts a request (`Timeouts`), generations of workers (`Reforking`).
 *
 * ```
 * serving -- soft or hard timeout --> killed --> forked again by the mold
 *    |
 *    +-- answered -- outdated generation --> leaves --> forked from the new mold
 *            +------ else --> accepts the next
 * ```
 */
class Monitor implements Supervisor {
  private readonly timeouts: Timeouts;
  private readonly reforking: Reforking | null;

  constructor(params: PitchforkParams, { kernel, overheads }: Site, workers: Workers) {
    const { workerProcesses, timeoutNs, cleanupNs, reforkAfter } = params;
    const respawnNs = overheads ? FORKING_COSTS.respawnNs : 0;
    const tenth = Math.ceil(workerProcesses / 10);
    const rules = {
      workers: workerProcesses,
      maxUnavailable: params.reforkMaxUnavailable ?? tenth,
      moldNs: respawnNs,
      respawnNs,
    };
    this.reforking =
      reforkAfter === null
        ? null
        : new Reforking(
            kernel,
            { ...rules, after: reforkAfter },
            (worker) => workers.askIdle(worker),
            (worker) => workers.runtime.memory?.promote(worker),
          );
    this.timeouts = new Timeouts(kernel, timeoutNs, cleanupNs, workers, (worker) => workers.kill(worker));
  }

  began(worker: ProcessId): void {
    this.timeouts.began(worker);
  }

  ended(worker: ProcessId): void {
    this.timeouts.ended(worker);
    this.reforking?.ended(worker);
  }

  stopped(worker: ProcessId): void {
    this.timeouts.ended(worker);
  }

  mustLeave(worker: ProcessId): boolean {
    return this.reforking?.mustLeave(worker) ?? false;
  }

  replaced(worker: ProcessId): void {
    this.reforking?.replaced(worker);
  }
}

/**
 * Workers accept as Unicorn's do (epoll exclusive, one connection at a time), and are forked from a mold that has loaded
 * the application: a replacement is there in milliseconds. The costs of a request are Unicorn's, whose worker loop it is.
 */
function assemble(params: PitchforkParams, site: Site): Server {
  return new ForkingServer(
    {
      name: 'pitchfork',
      workers: params.workerProcesses,
      threadNames: ['main', 'timeout'],
      wakesOne: true,
      preloads: true,
      checksClients: false,
      backlog: params.backlog,
      ...unicornWork(site),
      boot: { forkNs: site.overheads ? FORKING_COSTS.respawnNs : 0, loadNs: 0, masterLoadNs: 0 },
      supervise: (workers) => new Monitor(params, site, workers),
    },
    site,
  );
}

function withoutReforking({
  reforkAfter,
  reforkMaxUnavailable: missing,
  workerProcesses,
}: PitchforkParams): ServerProblem[] {
  const path = ['refork_max_unavailable'];
  if (missing === null) return [];
  if (reforkAfter === null) return [{ path, message: 'without refork_after no generation is replaced' }];
  if (missing < workerProcesses) return [];
  return [{ path, message: `no fewer than the workers, ${workerProcesses}: a generation may be replaced all at once` }];
}

export const pitchfork: ServerType<PitchforkParams> = {
  name: 'pitchfork',
  languages: ['ruby'],
  runsRack: true,
  canRestart: true,
  params: pitchforkParams,
  slots: ({ workerProcesses }) => ({ processes: workerProcesses, threads: 1 }),
  check: ({ timeoutNs: timeout, cleanupNs: cleanup }) => notWholeSeconds('Pitchfork', { timeout, cleanup }),
  withoutEffect: (params, { app }) => [
    ...lateRackTimeout(app, 'timeout', params.timeoutNs),
    ...withoutReforking(params),
  ],
  assemble,
};
