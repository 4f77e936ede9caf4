import type { Kernel } from '../../../kernel/kernel.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { ProcessId } from '../../entities/ids.js';
import { MasterRounds } from '../common/forking/master-rounds.js';
import type { Supervisor } from '../common/forking/supervisor.js';

export interface MasterParams {
  readonly workers: number;
  readonly timeoutNs: Nanos;
  /** From the kill to the master's knowing of it, when it begins its next round [ns]. */
  readonly reapNs: Nanos;
}

/**
 * Unicorn's master, as far as it watches for how long workers serve one request.
 *
 * Everything is in whole seconds: a worker notes the second in which it takes a connection, and the master kills it in
 * the first of its rounds in which the difference to the present second is above `timeout`. Rounds are whole seconds
 * apart: it sleeps for `timeout - difference` of the worker next in line, 1 s at least, so it never misses the round
 * that matters. A request ends so between `timeout` and `timeout` + 2 s after it
 * began, depending on how its beginning, the seconds of the clock and the rounds of the master lie to one another: the
 * latter two are drawn once a replication.
 * ```
 * idle --> takes a connection, notes the second --> answers --> idle
 *            `-- second of a round - noted second > timeout --> killed --> its replacement is forked
 * ```
 * @see defunkt/unicorn 6.1 lib/unicorn/http_server.rb murder_lazy_workers, join
 */
export class Master extends MasterRounds implements Supervisor {
  constructor(
    kernel: Kernel,
    { workers, timeoutNs, reapNs }: MasterParams,
    phases: Stream,
    kill: (worker: ProcessId) => void,
  ) {
    const clockNs = Math.floor(phases.uniform() * SECOND);
    const roundNs = Math.floor(phases.uniform() * SECOND);
    const lateNs = (sinceNs: Nanos): Nanos => {
      const second = Math.floor((sinceNs - clockNs) / SECOND);
      return (second + Math.floor(timeoutNs / SECOND) + 1) * SECOND + clockNs;
    };
    super(kernel, { name: 'unicorn', workers, lateNs, roundNs, reapNs }, kill);
  }

  stopped(worker: ProcessId): void {
    this.ended(worker);
  }
}
