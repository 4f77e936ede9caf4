import type { ProcessId } from '../../entities/ids.js';
import type { Runtime } from '../../runtimes/runtime.js';
import { type ServerScript, watched } from '../../workers/script.js';
import type { Site } from '../server.js';
import { CheckIns } from './check-ins.js';
import { DrainThenKill } from './drain-then-kill.js';
import type { PumaParams } from './params.js';

/** What the guards may ask and do. */
export interface Guarded {
  /** Whether a thread of the worker serves a request. */
  isBusy(worker: ProcessId): boolean;
  kill(worker: ProcessId): void;
  /** The worker accepts no more and goes when it has nothing to do but what nobody waits for. */
  drain(worker: ProcessId): void;
}

/**
 * Who sees to it that a worker that hangs is replaced, as far as it is configured: the master, to which a worker has to report
 * (see `CheckIns`), and a limit on requests (see `DrainThenKill`).
 *
 * ```
 * serving -- silent, or a request over its limit --> killed, or drained first --> replaced
 * ```
 */
export class Guards {
  /** Null: nobody listens whether workers are silent. */
  private readonly checkIns: CheckIns | null;
  /** Null: requests may take as long as they want. */
  private readonly drainThenKill: DrainThenKill | null;

  constructor(params: PumaParams, site: Site, runtime: Runtime, guarded: Guarded) {
    this.checkIns = createCheckIns(params, site, runtime, guarded);
    const { drainThenKillNs } = params;
    this.drainThenKill =
      drainThenKillNs === null
        ? null
        : new DrainThenKill(site.kernel, runtime.threads, drainThenKillNs, (worker) => guarded.drain(worker));
  }

  opens(worker: ProcessId): void {
    this.checkIns?.opens(worker);
  }

  vanishes(worker: ProcessId): void {
    this.checkIns?.vanishes(worker);
    this.drainThenKill?.vanishes(worker);
  }

  /** Requests of the worker that are over their limit. */
  overdueIn(worker: ProcessId): number {
    return this.drainThenKill?.overdueIn(worker) ?? 0;
  }

  /** The script, with the guards told when a thread begins and ends. */
  watch(script: ServerScript): ServerScript {
    const { checkIns, drainThenKill } = this;
    const heard = checkIns === null ? script : watched(script, { began: (thread) => checkIns.began(thread) });
    return drainThenKill === null ? heard : watched(heard, drainThenKill);
  }
}

function createCheckIns(
  { workerTimeoutNs: timeoutNs, workerCheckIntervalNs: intervalNs }: PumaParams,
  { kernel, streams }: Site,
  { execution, helpers }: Runtime,
  guarded: Guarded,
): CheckIns | null {
  if (timeoutNs === null) return null;
  const phases = streams.open('puma/check-ins');
  return new CheckIns(kernel, execution, helpers[0]!, { timeoutNs, intervalNs }, phases, guarded);
}
