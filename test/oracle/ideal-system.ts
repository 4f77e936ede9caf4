import { MILLISECOND, type Nanos } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { GvlPolicyName } from '../../src/model/spec.js';
import type { Stream } from '../../src/random/streams.js';
import type { Phase } from '../support/phases.js';
import { type Cores, type Job, SharedCores, SlicedCores } from './cores.js';
import { DeadlineLock } from './deadline-lock.js';
import { Clock, Condition, type Process } from './processes.js';
import { PythonLock } from './python-lock.js';
import { type Lock, type LockTimes, OracleThread } from './threads.js';
import { TickLock } from './tick-lock.js';

export interface OracleSystem extends LockTimes {
  readonly processes: number;
  readonly threads: number;
  readonly cores: number;
  readonly scheduler: 'time-slices' | 'processor-sharing';
  readonly sliceNs: Nanos;
  readonly gvl: GvlPolicyName;
  readonly luck: Stream;
}

export interface OracleRequest {
  readonly atNs: Nanos;
  readonly phases: readonly Phase[];
}

export interface OracleRun {
  /** When each request was answered. */
  readonly answeredNs: readonly Nanos[];
  /** Whether the order of things that happen at once may have mattered. */
  readonly hasCoincidence: boolean;
}

/** A C call that keeps the lock looks at its flag every so often. */
const HOLD_CHECK_NS: Nanos = MILLISECOND;

/**
 * The ideal server: one queue; a free thread of the process with the fewest busy threads, the first such process, takes
 * the head at once; of its free threads the one that became free last (at the start the last one).
 */
export function runIdealSystem(system: OracleSystem, requests: readonly OracleRequest[]): OracleRun {
  const clock = new Clock();
  const cores = createCores(system, clock);
  const answeredNs: Nanos[] = requests.map(() => Number.NaN);
  const queue: number[] = [];
  const processes = Array.from({ length: system.processes }, () => ({ free: [] as Worker[] }));

  for (const process of processes) {
    const lock = createLock(system, clock);
    for (let k = 0; k < system.threads; k++) {
      const worker = new Worker(clock, system.wakeLatencyNs, lock, cores);
      process.free.push(worker);
      clock.start(serve(worker, process));
    }
  }

  function* serve(worker: Worker, process: { free: Worker[] }): Process {
    for (;;) {
      yield* worker.hasRequest.wait();
      while (worker.request !== null) {
        const request = worker.request;
        yield* worker.run(requests[request]!.phases);
        answeredNs[request] = clock.nowNs;
        worker.lock.release(worker.thread);
        worker.request = queue.shift() ?? null;
      }
      process.free.push(worker);
    }
  }

  requests.forEach(({ atNs }, request) => {
    clock.at(atNs, () => {
      const most = Math.max(...processes.map(({ free }) => free.length));
      if (most === 0) queue.push(request);
      else {
        const worker = processes.find(({ free }) => free.length === most)!.free.pop()!;
        worker.request = request;
        worker.hasRequest.signal();
      }
    });
  });
  clock.run();
  return { answeredNs, hasCoincidence: clock.hasCoincidence };
}

/** A thread of the server and what it can do. */
class Worker {
  readonly thread: OracleThread;
  readonly hasRequest: Condition;
  request: number | null = null;

  constructor(
    private readonly clock: Clock,
    wakeLatencyNs: Nanos,
    readonly lock: Lock,
    private readonly cores: Cores,
  ) {
    this.thread = new OracleThread(clock, wakeLatencyNs);
    this.hasRequest = new Condition(clock, 0);
  }

  *run(phases: readonly Phase[]): Process {
    const { lock, thread } = this;
    yield* lock.acquire(thread);
    for (const { kind, ns } of phases) {
      if (kind === PhaseKind.Cpu) yield* this.ruby(ns);
      else if (kind === PhaseKind.ShortHolds) yield* this.hold(ns);
      else {
        lock.release(thread);
        if (kind === PhaseKind.Io) yield* this.clock.sleep(ns);
        else
          yield* this.cores.work(
            ns,
            () => false,
            () => {},
          );
        yield* lock.acquire(thread);
      }
    }
  }

  private *ruby(ns: Nanos): Process {
    let left = ns;
    while (left > 0) {
      const started = (job: Job): void => {
        this.thread.poke = () => this.cores.poke(job);
      };
      let isOver = false;
      const mustStop = (): boolean => (isOver = this.seesFlag());
      left = yield* this.cores.work(left, mustStop, started);
      this.thread.poke = () => {};
      if (isOver) yield* this.lock.yield(this.thread);
    }
  }

  private *hold(ns: Nanos): Process {
    let left = ns;
    while (left > 0) {
      yield* this.clock.sleep(0); // a flag that is set at the very time of a check point is seen
      if (this.seesFlag()) yield* this.lock.yield(this.thread);
      else {
        const pieceNs = Math.min(left, HOLD_CHECK_NS);
        yield* this.clock.sleep(pieceNs);
        left -= pieceNs;
      }
    }
    if (this.seesFlag()) yield* this.lock.yield(this.thread);
  }

  /** A check point: true if the thread has to give way. */
  private seesFlag(): boolean {
    const isSet = this.thread.flag;
    this.thread.flag = false;
    return isSet && this.lock.isSliceOver(this.thread);
  }
}

function createCores(system: OracleSystem, clock: Clock): Cores {
  if (system.scheduler === 'processor-sharing') return new SharedCores(clock, system.cores);
  return new SlicedCores(clock, system.cores, system.sliceNs);
}

function createLock(system: OracleSystem, clock: Clock): Lock {
  if (system.gvl === 'barging-deadline') return new DeadlineLock(clock, system);
  if (system.gvl === 'cpython') return new PythonLock(clock, system, system.luck);
  return new TickLock(clock, system, system.gvl === 'hot-thread');
}
