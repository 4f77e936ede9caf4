import { Rank } from '../../../kernel/ranks.js';
import type { ProcessId, RequestId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import type { Thread, Threads } from '../../entities/thread.js';
import type { Gauge } from '../../observations.js';
import { PhaseKind } from '../../phases.js';
import type { Service } from '../../services/service.js';
import type { Site } from '../../site.js';
import { ASYNC_GROUP } from '../../spec.js';
import type { Execution } from '../execution.js';
import { Caller, type CallRoom } from './caller.js';
import { LockClient } from './lock-client.js';
import { Mutex } from './mutex.js';
import { AsyncExecutor } from './parallel-calls.js';
import { ConnectionPool } from './pool.js';

/**
 * Calls of named services through connection pools, several calls at a time, and mutexes.
 *
 * ```
 * phase: call  --> `Caller`: connection, service, back to the GVL --> next phase
 *        async --> `AsyncExecutor`: all branches of the group; the last one is done --> next phase
 *        lock  --> `LockClient` waits for a `Mutex` --> next phase, up to the unlock
 * request ends: connections are given back        thread killed, or an exception raised in it: all is given up
 * ```
 */
export class Calls {
  readonly gauges: readonly Gauge[];
  private readonly requests: RequestTable;
  private readonly services: readonly Service[];
  /** By thread. */
  private readonly callers: readonly Caller[];
  private readonly lockClients: readonly LockClient[];
  /** By process. */
  private readonly executors: AsyncExecutor[];
  private readonly makeExecutor: () => AsyncExecutor;
  private readonly makePools: (process: ProcessId) => void;
  /** [process][mutex] */
  private readonly mutexes: readonly (readonly Mutex[])[];

  constructor(site: Site, threads: Threads, execution: Execution) {
    const { kernel, requests, overheads, host, app } = site;
    const { services = [], mutexes = [], asyncThreads = 0 } = app;
    this.requests = requests;
    this.services = site.services;
    const pools: (ConnectionPool | null)[][] = [];
    this.makePools = (process) => {
      pools[process] = services.map(({ pool }) => (pool === null ? null : new ConnectionPool(pool.size)));
    };
    for (const process of threads.keys()) this.makePools(process);
    const room: CallRoom = {
      kernel,
      requests,
      execution,
      services: this.services,
      poolSpecs: services.map(({ pool }) => pool),
      pools,
      wakeLatencyNs: overheads ? host.wakeLatencyNs : 0,
      sleepOvershootNs: overheads ? host.sleepOvershootNs : 0,
      ioCallNs: overheads ? host.ioCallNs : 0,
    };
    const DONE = kernel.define('call.done', Rank.Release, (caller: Caller) => caller.answered());
    const WOKEN = kernel.define('call.connection', Rank.Release, (caller: Caller) => caller.woken());
    const TIMEOUT = kernel.define('call.checkout-timeout', Rank.Release, (caller: Caller) => caller.timedOut());
    this.callers = threads.flat().map((thread) => {
      const caller = new Caller(room, thread);
      caller.timers = {
        done: kernel.timer(DONE, caller),
        woken: kernel.timer(WOKEN, caller),
        timeout: kernel.timer(TIMEOUT, caller),
      };
      return caller;
    });
    const LOCK = kernel.define('mutex.woken', Rank.Release, (client: LockClient) => client.woken());
    this.lockClients = threads.flat().map((thread) => {
      const client = new LockClient(kernel, execution, thread, room.wakeLatencyNs);
      client.timer = kernel.timer(LOCK, client);
      return client;
    });
    this.mutexes = threads.map(() => mutexes.map(() => new Mutex((thread) => this.lockClients[thread.id]!.wake())));
    const JOINED = kernel.define('parallel-call.done', Rank.Release, (branch: { finish: () => void }) =>
      branch.finish(),
    );
    this.makeExecutor = () =>
      new AsyncExecutor(
        asyncThreads,
        kernel,
        execution,
        (branch) => kernel.timer(JOINED, branch),
        room.sleepOvershootNs,
        room.ioCallNs,
      );
    this.executors = threads.map(() => this.makeExecutor());
    this.gauges = services.flatMap(({ name, pool }, s) =>
      pool === null
        ? []
        : [
            {
              name: `${name}_pool_waiting_count`,
              kind: 'level',
              capacity: 1,
              read: () => room.pools.reduce((sum, ofProcess) => sum + ofProcess[s]!.waitingCount, 0),
            },
          ],
    );
  }

  /** The thread, which holds the GVL, comes to a phase of one of the kinds that are handled here. */
  phase(thread: Thread, request: RequestId, at: number): void {
    const { requests } = this;
    const kind = requests.phaseKind[at]!;
    const what = requests.phaseKept[at]!;
    if (kind === PhaseKind.Call) this.callers[thread.id]!.call(what, requests.phaseDemand[at]!);
    else if (kind === PhaseKind.Async) this.fork(thread, request, at);
    else if (kind === PhaseKind.Lock) this.lockClients[thread.id]!.lock(this.mutexes[thread.process]![what]!);
    else {
      this.mutexes[thread.process]![what]!.unlock();
      thread.owner!.executed(thread);
    }
  }

  /** The application code of the thread's request has ended. */
  requestEnds(thread: Thread): void {
    this.callers[thread.id]!.requestEnds();
  }

  /** The thread was killed. */
  abandon(thread: Thread): void {
    this.callers[thread.id]!.abandon();
    this.lockClients[thread.id]!.abandon();
    this.executors[thread.process]!.drop(thread);
    for (const mutex of this.mutexes[thread.process]!) mutex.forget(thread);
  }

  /** An exception was raised in the thread, outside the GVL or on its way to it: it gives back what it has, unless that breaks. */
  interrupt(thread: Thread, breaks: () => boolean): void {
    this.callers[thread.id]!.breakConnections(breaks);
    this.abandon(thread);
  }

  /** A new process, all of whose threads were abandoned, opens connections of its own. */
  renewed(process: ProcessId): void {
    this.makePools(process);
    this.executors[process]!.close();
    this.executors[process] = this.makeExecutor();
  }

  /** All phases of the group that begins at `at`, at once. */
  private fork(thread: Thread, request: RequestId, at: number): void {
    const { requests, services } = this;
    const group = requests.phaseKept[at]!;
    const end = request * requests.maxPhases + requests.phaseCount[request]!;
    const calls = [];
    for (let k = at; k < end && requests.phaseKind[k] === PhaseKind.Async && requests.phaseKept[k] === group; k++) {
      calls.push({ service: services[group % ASYNC_GROUP]!, demandNs: requests.phaseDemand[k]! });
    }
    thread.position += calls.length - 1;
    this.executors[thread.process]!.fork(thread, calls);
  }
}

/** Null if no request makes calls or locks anything: then nothing of this exists. */
export function createCalls(site: Site, threads: Threads, execution: Execution): Calls | null {
  const { services = [], mutexes = [] } = site.app;
  return services.length + mutexes.length === 0 ? null : new Calls(site, threads, execution);
}
