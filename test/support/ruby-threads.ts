/**
 * The threads of one process on a bare kernel, without a server: each runs a script of phases from its start on.
 * For scripts that can be checked by hand.
 */
import { Kernel } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';
import { MILLISECOND, type Nanos } from '../../src/kernel/time.js';
import { DedicatedCores } from '../../src/model/cpu/dedicated.js';
import { RequestTable } from '../../src/model/entities/requests.js';
import { createThreads, type Thread } from '../../src/model/entities/thread.js';
import type { Collector } from '../../src/model/gc/collector.js';
import { Part } from '../../src/model/observations.js';
import { PhaseKind } from '../../src/model/phases.js';
import { Execution } from '../../src/model/runtimes/execution.js';
import { type Gvl, type GvlListener, type GvlParams, setPriority } from '../../src/model/runtimes/gvl/gvl.js';
import { createGvl } from '../../src/model/runtimes/gvl/policies.js';
import type { TurnPolicyName } from '../../src/model/spec.js';
import type { Stream } from '../../src/random/streams.js';
import { ms, type Phase } from './phases.js';

export interface ThreadScript {
  readonly atNs: Nanos;
  readonly does: readonly Phase[];
  /** Thread#priority. */
  readonly priority?: number;
}

export interface Rules {
  readonly gvl: TurnPolicyName;
  readonly quantumNs?: Nanos;
  readonly wakeLatencyNs?: Nanos;
  /** @default wakeLatencyNs */
  readonly warmWakeLatencyNs?: Nanos;
  readonly overshootNs?: Nanos;
  /** Slice of the one core that all threads share; default: each has a core. */
  readonly preemptAfterNs?: Nanos;
  readonly collector?: Collector;
  /** Draws of the waiter that CPython's release wakes, used in turn; default: always the first. */
  readonly draws?: readonly number[];
  /** The process is killed then; another one takes its place at once, whose threads all start their scripts at once. */
  readonly killNs?: Nanos;
  /** When the lock is asked how many wait for it. */
  readonly looksNs?: readonly Nanos[];
}

/** A thread held the lock and was awake from … to … */
export type Turn = readonly [thread: string, fromNs: Nanos, toNs: Nanos];

/** A thread asked for the lock at …, or gave way then and queued again, and ran with it from … on. */
export type Wait = readonly [thread: string, askedNs: Nanos, gotNs: Nanos];

/** As text, in ms: 'A 0-10, B 10.007-12'. */
export const inMs = (turns: readonly Turn[]): string =>
  turns.map(([thread, fromNs, toNs]) => `${thread} ${fromNs / MILLISECOND}-${toNs / MILLISECOND}`).join(', ');

export interface ThreadsRun {
  /** In time order. */
  readonly turns: readonly Turn[];
  /** In the order in which they ended, also those of no time. */
  readonly waits: readonly Wait[];
  /** When each thread had done each of its phases; after I/O and native code: when it had the lock again. */
  readonly ends: Readonly<Record<string, readonly Nanos[]>>;
  /** What the lock said, look by look. */
  readonly waiting: readonly number[];
  /** Executed events of the kernel. */
  readonly events: number;
}

const NAMES = ['A', 'B', 'C', 'D', 'E'];

export function runThreads(rules: Rules, scripts: readonly ThreadScript[]): ThreadsRun {
  const names = NAMES.slice(0, scripts.length);
  const kernel = new Kernel();
  const threads = createThreads(kernel, new RequestTable(kernel, 1), [names]);
  const execution = new Execution(kernel, threads, rules.collector ?? null);
  const record = new TurnRecorder(kernel, execution);
  const gvl = record.watch(createLock(kernel, threads[0]!, rules, record));
  execution.attach([gvl], new DedicatedCores(kernel, threads, execution));

  const ends: Record<string, Nanos[]> = Object.fromEntries(names.map((name) => [name, []]));
  const position = names.map(() => -1);
  const IO = kernel.define('test.io-done', Rank.Release, (thread: Thread) => execution.resume(thread));
  const START = kernel.define('test.start', Rank.Arrival, (thread: Thread) => execution.resume(thread));
  const ioTimer = threads[0]!.map((thread) => kernel.timer(IO, thread));
  const executed = (thread: Thread): void => {
    if (position[thread.id]! >= 0) ends[thread.name]!.push(kernel.nowNs());
    const phase = scripts[thread.id]!.does[++position[thread.id]!];
    if (phase === undefined) execution.block(thread, Part.Queue);
    else if (phase.kind === PhaseKind.Cpu) execution.run(thread, phase.ns);
    else if (phase.kind === PhaseKind.Hold) execution.hold(thread, phase.ns);
    else if (phase.kind === PhaseKind.ShortHolds) execution.shortHolds(thread, phase.ns);
    else if (phase.kind === PhaseKind.Native) execution.native(thread, phase.ns);
    else if (phase.ns === 0) execution.trip(thread);
    else {
      execution.block(thread, Part.Io);
      kernel.arm(ioTimer[thread.id]!, kernel.nowNs() + phase.ns);
    }
  };
  scripts.forEach(({ atNs, priority }, index) => {
    const thread = threads[0]![index]!;
    thread.owner = { executed };
    if (priority !== undefined) setPriority(thread, priority);
    kernel.arm(kernel.timer(START, thread), atNs);
  });
  if (rules.killNs !== undefined) {
    const startTimer = threads[0]!.map((thread) => kernel.timer(START, thread));
    const KILL = kernel.define('test.kill', Rank.Sample, () => {
      execution.kill(0);
      for (const timer of ioTimer) kernel.disarm(timer);
      position.fill(-1);
      for (const timer of startTimer) kernel.arm(timer, kernel.nowNs());
    });
    kernel.arm(kernel.timer(KILL, 0), rules.killNs);
  }
  const waiting: number[] = [];
  const LOOK = kernel.define('test.look', Rank.Sample, () => waiting.push(gvl.waiting));
  for (const atNs of rules.looksNs ?? []) kernel.arm(kernel.timer(LOOK, 0), atNs);
  kernel.runUntil(Number.POSITIVE_INFINITY);
  return { turns: record.turns, waits: record.waits, ends, waiting, events: kernel.events };
}

function createLock(kernel: Kernel, threads: readonly Thread[], rules: Rules, listener: GvlListener): Gvl {
  const params: GvlParams = {
    quantumNs: rules.quantumNs ?? (rules.gvl === 'cpython' ? ms(5) : ms(100)),
    wakeLatencyNs: rules.wakeLatencyNs ?? 0,
    warmWakeLatencyNs: rules.warmWakeLatencyNs ?? rules.wakeLatencyNs ?? 0,
    timerOvershootNs: rules.overshootNs ?? 0,
    preemptAfterNs: rules.preemptAfterNs ?? Number.POSITIVE_INFINITY,
    hearsAtOnce: rules.collector === undefined,
  };
  return createGvl(kernel, rules.gvl, threads, params, listener, scripted(rules.draws ?? []));
}

/** The draws in turn, then zeros. */
function scripted(draws: readonly number[]): Stream {
  let next = 0;
  return { uniform: () => draws[next++] ?? 0 };
}

/** Stands between the lock and the execution, and writes down who holds it when. */
class TurnRecorder implements GvlListener {
  readonly turns: Turn[];
  readonly waits: Wait[];
  private readonly askedNs: Map<Thread, Nanos>;
  private holder: Thread | null;
  private sinceNs: Nanos;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: GvlListener,
  ) {
    this.turns = [];
    this.waits = [];
    this.askedNs = new Map();
    this.holder = null;
    this.sinceNs = 0;
  }

  granted(thread: Thread): void {
    this.begins(thread);
    this.execution.granted(thread);
  }

  interrupted(thread: Thread): void {
    if (this.holder !== thread) throw new Error(`${thread.name} was interrupted and does not hold the lock`);
    this.execution.interrupted(thread);
  }

  watch(gvl: Gvl): Gvl {
    const ends = (thread: Thread): void => {
      this.turns.push([thread.name, this.sinceNs, this.kernel.nowNs()]);
      this.holder = null;
    };
    return {
      acquire: (thread) => {
        this.asks(thread);
        const isFree = gvl.acquire(thread);
        if (isFree) this.begins(thread);
        return isFree;
      },
      release: (thread) => {
        ends(thread);
        gvl.release(thread);
      },
      yield: (thread) => {
        ends(thread);
        this.asks(thread);
        gvl.yield(thread);
      },
      bursts: (thread) => gvl.bursts(thread),
      holderSleeps: () => gvl.holderSleeps?.(),
      holderWakes: () => gvl.holderWakes?.(),
      sliceIsOver: (thread) => gvl.sliceIsOver(thread),
      reset: () => {
        if (this.holder !== null) ends(this.holder);
        this.askedNs.clear();
        gvl.reset();
      },
      get waiting() {
        return gvl.waiting;
      },
    };
  }

  private asks(thread: Thread): void {
    if (this.askedNs.has(thread)) throw new Error(`${thread.name} asked twice`);
    this.askedNs.set(thread, this.kernel.nowNs());
  }

  private begins(thread: Thread): void {
    if (this.holder !== null) throw new Error(`${thread.name} was given a lock that ${this.holder.name} holds`);
    const askedNs = this.askedNs.get(thread);
    if (askedNs === undefined) throw new Error(`${thread.name} was given a lock for which it had not asked`);
    this.askedNs.delete(thread);
    this.waits.push([thread.name, askedNs, this.kernel.nowNs()]);
    this.holder = thread;
    this.sinceNs = this.kernel.nowNs();
  }
}
