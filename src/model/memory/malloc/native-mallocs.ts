import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { ArenaId } from './allocator.js';
import { type LockUse, stretch } from './contention.js';
import { coresByArena } from './core-shares.js';

/** What native code of a class of requests mallocs. */
export interface NativeUse {
  /** Null: its allocator has locks that nobody waits for. */
  readonly lock: LockUse | null;
  /** What it has at a time [bytes], in blocks of so many bytes. */
  readonly heldBytes: number;
  readonly blockBytes: number;
}

/** The memory that the threads' native code mallocs from. */
export interface NativeHeaps {
  /** The use of the thread's request; null: its native code mallocs nothing. */
  useOf(thread: Thread): NativeUse | null;
  /** Native code of the thread begins. @returns the arena it uses, numbered within its process */
  begin(thread: Thread, use: NativeUse): ArenaId;
  end(thread: Thread, use: NativeUse): void;
}

/** The cores, as far as threads are concerned that have asked for CPU time. */
export interface RunningWork {
  /** What the thread still gets of it, a whole number of ns. */
  leftNs(thread: Thread): Nanos;
  /** The thread wants only so much more, a whole number of ns and at most what is left. */
  shorten(thread: Thread, workNs: Nanos): void;
}

/** Native code that is running. */
interface Run {
  readonly use: NativeUse;
  readonly arena: string;
  /** What it does in this time when alone was left when last looked at [ns]. */
  leftNs: number;
  /** CPU time that it still had to get then [ns]. */
  askedNs: Nanos;
  /** CPU time for each ns of that. */
  stretch: number;
}

/**
 * Native code outside the GVL whose threads allocate at the same time and meet at the locks of malloc's arenas. Each call keeps
 * a lock for some ten ns, far too short to be events: what is simulated is how much longer the work takes with so many
 * others at the same arena, and that changes when one begins or ends.
 *
 * Threads that use the lock less count less: by the share of time that they would keep it if alone. Where there are fewer
 * cores than threads, threads of different arenas run at the same time as far as possible, because who waits for a lock
 * leaves its core to another one.
 *
 * Known to be wrong: Ruby code, which allocates under the GVL, does not meet native code at an arena, and takes no core here.
 * A thread does not move to another arena because its own is taken: malloc does so only when it gets no memory.
 * @see glibc 2.36 malloc/arena.c (arena_get, arena_get_retry)
 */
export class NativeMallocs {
  private cpu!: RunningWork;
  private readonly runs: Map<Thread, Run>;
  /** Threads that run native code, by process and arena. */
  private readonly users: Map<string, Thread[]>;

  /** @param cores of the host */
  constructor(
    private readonly heaps: NativeHeaps,
    private readonly cores: number,
  ) {
    this.runs = new Map();
    this.users = new Map();
  }

  attach(cpu: RunningWork): void {
    this.cpu = cpu;
  }

  /**
   * A thread begins native code that takes `workNs` when alone; it is about to ask for a core.
   *
   * @returns CPU time to ask for; when it has had it, `goesOn` says whether that was all
   */
  begins(thread: Thread, workNs: Nanos): Nanos {
    const use = this.heaps.useOf(thread);
    if (use === null) return workNs;
    const arena = `${thread.process}/${this.heaps.begin(thread, use)}`;
    const run: Run = { use, arena, leftNs: workNs, askedNs: workNs, stretch: 1 };
    this.runs.set(thread, run);
    if (use.lock === null) return workNs;
    this.users.set(arena, [...(this.users.get(arena) ?? []), thread]);
    this.lookAgain(thread);
    run.stretch = this.stretchOf(thread, run, use.lock, coresByArena(this.users, this.cores));
    run.askedNs = Math.round(workNs * run.stretch);
    return run.askedNs;
  }

  /** The thread has had the CPU time it asked for. @returns how much more it needs; 0: its native code has ended */
  goesOn(thread: Thread): Nanos {
    const run = this.runs.get(thread);
    if (run === undefined) return 0;
    run.leftNs -= run.askedNs / run.stretch;
    run.askedNs = Math.round(Math.max(0, run.leftNs) * run.stretch);
    if (run.askedNs > 0) return run.askedNs;
    this.heaps.end(thread, run.use);
    this.leaves(thread, run);
    return 0;
  }

  /** The thread is killed with its process, whose memory goes with it. */
  killed(thread: Thread): void {
    const run = this.runs.get(thread);
    if (run !== undefined) this.leaves(thread, run);
  }

  private leaves(thread: Thread, run: Run): void {
    this.runs.delete(thread);
    const users = this.users.get(run.arena)?.filter((other) => other !== thread) ?? [];
    if (users.length === 0) this.users.delete(run.arena);
    else this.users.set(run.arena, users);
    if (run.use.lock !== null) this.lookAgain(null);
  }

  /** Somebody has come, who asks for a core after this, or gone: the others are slower or faster from now on. */
  private lookAgain(newcomer: Thread | null): void {
    const cores = coresByArena(this.users, this.cores);
    for (const [thread, run] of this.runs) {
      const { lock } = run.use;
      if (thread === newcomer || lock === null) continue;
      const next = this.stretchOf(thread, run, lock, cores);
      if (next !== run.stretch) this.change(thread, run, next);
    }
  }

  private change(thread: Thread, run: Run, next: number): void {
    const stillNs = this.cpu.leftNs(thread);
    run.leftNs = Math.max(0, run.leftNs - (run.askedNs - stillNs) / run.stretch);
    run.stretch = next;
    run.askedNs = Math.min(stillNs, Math.round(run.leftNs * next));
    // It cannot ask for more before it has had what it asked for.
    if (run.askedNs === stillNs) return;
    thread.pieceNs -= stillNs - run.askedNs;
    this.cpu.shorten(thread, run.askedNs);
  }

  /** @param cores how many threads of each arena run at the same time */
  private stretchOf(thread: Thread, { arena }: Run, lock: LockUse, cores: ReadonlyMap<string, number>): number {
    const users = this.users.get(arena)!;
    if (users.length === 1) return 1;
    let others = 0;
    for (const other of users) if (other !== thread) others += weight(this.runs.get(other)!.use.lock!);
    const together = (cores.get(arena)! - 1) / (users.length - 1);
    return stretch(lock, 1 + (together * others) / weight(lock));
  }
}

/** Share of time that a thread keeps the lock if it is alone. */
function weight({ freeNs, heldNs }: LockUse): number {
  return heldNs / (freeNs + heldNs);
}
