import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { ProcessId } from '../../entities/ids.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import { MasterRounds } from '../common/forking/master-rounds.js';
import type { Supervisor, Workers } from '../common/forking/supervisor.js';
import type { Site } from '../server.js';
import type { MaxRequests } from './max-requests.js';
import type { GunicornParams } from './params.js';

/**
 * gunicorn's arbiter over sync workers. A worker says that it is alive each time before it accepts; every second the arbiter
 * kills those that have been silent for longer than `timeout`, so a request is cut off between `timeout` and `timeout` + 1 s
 * after it began. Where the rounds lie is drawn once a replication. The kill is a SIGABRT, on which the worker exits.
 * ```
 * idle, reports --> takes a connection: silent --> answers --> idle
 *                     `-- for longer than timeout, in the next round --> killed --> its replacement is forked
 * ```
 *
 * Known to be wrong: a worker that is in a C call when the signal comes exits after the call, or by a SIGKILL a second later.
 * @see benoitc/gunicorn 20.1.0 gunicorn/arbiter.py murder_workers, gunicorn/workers/base.py handle_abort
 */
export class Arbiter implements Supervisor {
  private readonly rounds: MasterRounds | null;

  constructor(
    { workers: count, timeoutNs }: GunicornParams,
    { kernel, streams, overheads }: Site,
    private readonly maxRequests: MaxRequests | null,
    workers: Workers,
  ) {
    const lateNs = (sinceNs: Nanos): Nanos => sinceNs + timeoutNs;
    const rounds = (): MasterRounds =>
      new MasterRounds(
        kernel,
        {
          name: 'gunicorn',
          workers: count,
          lateNs,
          roundNs: Math.floor(streams.open('gunicorn/arbiter').uniform() * SECOND),
          reapNs: overheads ? FORKING_COSTS.reapNs : 0,
        },
        (worker) => workers.kill(worker),
      );
    this.rounds = timeoutNs === Number.POSITIVE_INFINITY ? null : rounds();
  }

  began(worker: ProcessId): void {
    this.maxRequests?.counts(worker);
    this.rounds?.began(worker);
  }

  ended(worker: ProcessId): void {
    this.rounds?.ended(worker);
  }

  stopped(worker: ProcessId): void {
    this.rounds?.ended(worker);
  }

  mustLeave(worker: ProcessId): boolean {
    return this.maxRequests?.isReached(worker) ?? false;
  }

  replaced(worker: ProcessId): void {
    this.maxRequests?.renewed(worker);
  }
}
