import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { ArenaId } from './allocator.js';
import { ArenaStretches } from './arena-stretches.js';
import type { LockUse } from './contention.js';
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
  /** The thread wants only so much more, a whole number of ns and less than what is left. */
  shorten(thread: Thread, workNs: Nanos): void;
}

/** Native code that is running. */
interface Run {
  readonly use: NativeUse;
  /** Null: its allocator has locks that nobody waits for. */
  readonly arena: Arena | null;
  /** Number of the way it uses the lock. */
  readonly lock: number;
  /** What it does in this time when alone was left when last looked at [ns]. */
  leftNs: number;
  /** CPU time that it still had to get then [ns]. */
  askedNs: Nanos;
  /** CPU time for each ns of that. */
  stretch: number;
}

/** An arena at which native code runs. */
interface Arena {
  readonly name: string;
  readonly threads: Thread[];
  /** How many of them use the lock in each way. */
  readonly byLock: number[];
  /** Threads, one that is just coming included. */
  length: number;
  /** How many of them run at the same time. */
  cores: number;
}

/**
 * Native code outside the GVL whose threads allocate at the same time and meet at the locks of malloc's arenas. Each call keeps
 * a lock for some ten ns, far too short to be events: what is simulated is how much longer the work takes with those
 * others at the same arena, and that changes when one begins or ends.
 *
 * Where there are fewer cores than threads, threads of different arenas run at the same time as far as possible, because who
 * waits for a lock leaves its core to another one.
 *
 * ```
 * begins: alone at its arena --> work takes its time
 *    `-- others at the arena --> stretched -- one begins or ends --> what is left is stretched anew
 * CPU time had -- work left, since it was stretched more meanwhile --> goes on       none left --> ends
 * ```
 *
 * Known to be wrong: Ruby code, which allocates under the GVL, does not meet native code at an arena, and takes no core here.
 * A thread does not move to another arena because its own is taken: malloc does so only when it gets no memory.
 * @see glibc 2.36 malloc/arena.c (arena_get, arena_get_retry)
 */
export class NativeMallocs {
  private cpu!: RunningWork;
  private readonly runs: Map<Thread, Run>;
  /** Arenas with threads that run native code, by process and number. */
  private readonly arenas: Map<string, Arena>;
  private readonly stretches: ArenaStretches;
  /** Threads at all of them. */
  private threads: number;
  /** There is a core for each of these. */
  private haveEnough: boolean;

  /** @param cores of the host */
  constructor(
    private readonly heaps: NativeHeaps,
    private readonly cores: number,
  ) {
    this.runs = new Map();
    this.arenas = new Map();
    this.stretches = new ArenaStretches();
    this.threads = 0;
    this.haveEnough = true;
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
    const number = this.heaps.begin(thread, use);
    const arena = use.lock === null ? null : this.arena(`${thread.process}/${number}`);
    const lock = use.lock === null ? 0 : this.stretches.idOf(use.lock);
    const run: Run = { use, arena, lock, leftNs: workNs, askedNs: workNs, stretch: 1 };
    this.runs.set(thread, run);
    if (arena === null) return workNs;
    while (arena.byLock.length <= lock) arena.byLock.push(0);
    arena.byLock[lock]!++;
    arena.length++;
    this.threads++;
    // The others only: it has not asked for a core yet.
    this.lookAgain(arena);
    arena.threads.push(thread);
    run.stretch = this.stretches.of(arena.byLock, arena.cores)[lock]!;
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

  private arena(name: string): Arena {
    const known = this.arenas.get(name);
    if (known !== undefined) return known;
    const arena: Arena = { name, threads: [], byLock: [], length: 0, cores: 1 };
    this.arenas.set(name, arena);
    return arena;
  }

  private leaves(thread: Thread, { arena, lock }: Run): void {
    this.runs.delete(thread);
    if (arena === null) return;
    arena.threads.splice(arena.threads.indexOf(thread), 1);
    arena.byLock[lock]!--;
    arena.length--;
    this.threads--;
    if (arena.length === 0) this.arenas.delete(arena.name);
    this.lookAgain(arena);
  }

  /** Somebody has come to the arena or gone: the others, there and where cores are left for, are slower or faster from now on. */
  private lookAgain(changed: Arena): void {
    for (const arena of this.share(changed)) {
      const stretches = this.stretches.of(arena.byLock, arena.cores);
      for (const thread of arena.threads) {
        const run = this.runs.get(thread)!;
        const next = stretches[run.lock]!;
        if (next !== run.stretch) this.change(thread, run, next);
      }
    }
  }

  /** Divides the cores. @returns the arena, and those which have more or fewer than before */
  private share(changed: Arena): Arena[] {
    const hadEnough = this.haveEnough;
    this.haveEnough = this.threads <= this.cores;
    if (hadEnough && this.haveEnough) {
      changed.cores = changed.length;
      return changed.cores === 0 ? [] : [changed];
    }
    const shares = coresByArena(this.arenas, this.cores);
    const others: Arena[] = [];
    for (const [name, cores] of shares) {
      const arena = this.arenas.get(name)!;
      if (arena === changed || arena.cores !== cores) others.push(arena);
      arena.cores = cores;
    }
    return others;
  }

  private change(thread: Thread, run: Run, next: number): void {
    const stillNs = this.cpu.leftNs(thread);
    run.leftNs = Math.max(0, run.leftNs - (run.askedNs - stillNs) / run.stretch);
    run.stretch = next;
    run.askedNs = Math.min(stillNs, Math.round(run.leftNs * next));
    // It cannot ask for more before it has had what it asked for.
    if (run.askedNs < stillNs) this.cpu.shorten(thread, run.askedNs);
  }
}
