import type { Kernel } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { Doing, type Thread, type Threads } from '../../entities/thread.js';
import type { Collector } from '../../gc/collector.js';
import { Part } from '../../observations.js';
import { Execution } from '../execution.js';
import { mostOfEach, shareOfSteps } from './heap-shares.js';
import type { World } from './world.js';

/**
 * Ractors: a lock each, so their threads run at the same time; one heap for all of a process, so a collection stops them all.
 *
 * ```
 *            no free slot                all others stand still         wakes up             over
 * collector: ------------> asks to stop -----------------------> sleeps ---------> collects ------> runs
 * others:       runs  --check point--> parked ............................................. wakes up --> runs
 * ```
 * Ruby code has a check point everywhere, so it stops at once, but only where it has a core: a thread that the host
 * keeps waiting for one holds up the collection. A C call that keeps the lock goes on to its next check point, or to its end
 * if it has none. Threads outside the lock (I/O, native code) hold up nothing; they park when they come back.
 * A collector that finds all other ractors outside begins without a wake-up.
 *
 * To the outside each ractor is a process. They live as long as the run. Up to Ruby 3.5 a thread that comes back from a
 * blocking call in the middle of a collection can slip through; here nobody does.
 * @see ruby/ruby 3.3.8 gc.c gc_enter, vm_sync.c rb_vm_barrier, thread_pthread.c rb_ractor_sched_barrier_start, _join
 */
export class RactorExecution extends Execution {
  private readonly worlds: readonly World[];

  /**
   * @param ractors so many in a row have a heap in common
   * @param wakeLatencyNs from a signal to the first instruction of the sleeping thread it wakes
   */
  constructor(
    kernel: Kernel,
    threads: Threads,
    collector: Collector,
    private readonly ractors: number,
    private readonly wakeLatencyNs: Nanos,
  ) {
    super(kernel, threads, collector);
    const GATHER = kernel.define('ractors.gather', Rank.Release, (nth: number) => this.gather(this.worlds[nth]!));
    const WAKE = kernel.define('ractors.wake', Rank.Release, (nth: number) => this.awake(this.worlds[nth]!));
    const RELEASE = kernel.define('ractors.release', Rank.Release, (nth: number) => this.release(this.worlds[nth]!));
    this.worlds = Array.from({ length: threads.length / ractors }, (_, nth) => ({
      ractors: Array.from({ length: ractors }, (_, k) => nth * ractors + k),
      running: new Set(),
      collector: null,
      awaited: new Set(),
      parked: [],
      gatherTimer: kernel.timer(GATHER, nth),
      wakeTimer: kernel.timer(WAKE, nth),
      releaseTimer: kernel.timer(RELEASE, nth),
    }));
  }

  override resume(thread: Thread): void {
    if (!this.mustPark(thread)) {
      super.resume(thread);
      return;
    }
    thread.doing = Doing.Nothing;
    if (thread.isHolding || this.acquires(thread)) this.park(thread);
  }

  override worked(thread: Thread): void {
    if (thread.doing === Doing.Ruby) this.worldOf(thread).running.delete(thread);
    super.worked(thread);
  }

  /** A thread that stands still looks at its slice when it goes on. */
  override interrupted(thread: Thread): void {
    if (this.worldOf(thread).parked.includes(thread)) thread.isFlagged = true;
    else super.interrupted(thread);
  }

  override onCore(thread: Thread): void {
    if (!this.worldOf(thread).awaited.has(thread)) {
      super.onCore(thread);
      return;
    }
    this.stopPiece(thread);
    this.park(thread);
  }

  protected override begin(thread: Thread): void {
    if (this.mustPark(thread)) this.park(thread);
    else super.begin(thread);
  }

  protected override beginRuby(thread: Thread): void {
    if (this.mustPark(thread)) this.park(thread);
    else super.beginRuby(thread);
  }

  protected override checkPoint(thread: Thread): void {
    if (this.mustPark(thread)) this.park(thread);
    else super.checkPoint(thread);
  }

  protected override startPiece(thread: Thread, leftNs: Nanos, collector: Collector): void {
    const { running } = this.worldOf(thread);
    for (const other of running) this.book(other);
    const mostNs = mostOfEach(collector, thread, leftNs, running);
    if (mostNs === 0) {
      this.collect(thread, collector);
      return;
    }
    for (const other of running) this.limit(other, mostNs);
    thread.pieceNs = Math.min(leftNs, mostNs);
    thread.pieceGcNs = shareOfSteps(collector, thread, running);
    thread.workNs = thread.pieceNs + thread.pieceGcNs;
    running.add(thread);
    this.cpu.start(thread);
  }

  protected override stopPiece(thread: Thread): void {
    this.worldOf(thread).running.delete(thread);
    super.stopPiece(thread);
  }

  /** The others are asked in an event of its own, when everybody has done what this instant brings. */
  protected override stopProcess(thread: Thread, pauseNs: Nanos): void {
    const world = this.worldOf(thread);
    world.collector = thread;
    this.kernel.disarm(world.releaseTimer);
    for (const ractor of world.ractors) this.stopped.set(ractor, true);
    if (!this.othersIn(world).some((other) => !world.parked.includes(other))) {
      super.stopProcess(thread, pauseNs);
      return;
    }
    thread.doing = Doing.Collecting;
    thread.pieceNs = pauseNs;
    thread.enter(Part.GcOwn);
    this.kernel.arm(world.gatherTimer, this.kernel.nowNs());
  }

  protected override collectionEnds(thread: Thread): void {
    const world = this.worldOf(thread);
    world.collector = null;
    for (const ractor of world.ractors) if (ractor !== thread.process) this.stopped.set(ractor, false);
    if (world.parked.length > 0) this.kernel.arm(world.releaseTimer, this.kernel.nowNs() + this.wakeLatencyNs);
    super.collectionEnds(thread);
  }

  private gather(world: World): void {
    for (const other of this.othersIn(world)) {
      if (world.parked.includes(other)) continue;
      if (other.doing === Doing.Holding) {
        world.awaited.add(other);
        this.holdingCalls.interrupt(other);
      } else if (world.running.has(other)) {
        if (this.cpu.isOnCore(other)) {
          this.stopPiece(other);
          this.park(other);
        } else world.awaited.add(other);
      }
    }
    if (world.awaited.size === 0) this.isGathered(world);
  }

  private park(thread: Thread): void {
    const world = this.worldOf(thread);
    thread.enter(Part.GcOther);
    world.parked.push(thread);
    if (world.awaited.delete(thread) && world.awaited.size === 0) this.isGathered(world);
  }

  private isGathered(world: World): void {
    this.kernel.arm(world.wakeTimer, this.kernel.nowNs() + this.wakeLatencyNs);
  }

  private awake({ collector }: World): void {
    collector!.enter(Part.Run);
    super.stopProcess(collector!, collector!.pieceNs);
  }

  /** Each of them may start the next collection; those that have not gone on then stay where they are. */
  private release(world: World): void {
    const { parked } = world;
    while (parked.length > 0 && world.collector === null) {
      const thread = parked.shift()!;
      thread.enter(Part.Run);
      super.checkPoint(thread);
    }
  }

  /** Books what a running thread has done so far; it goes on. */
  private book(thread: Thread): void {
    const { pieceNs, pieceGcNs } = thread;
    const doneNs = pieceNs + pieceGcNs - this.cpu.leftNs(thread);
    const workedNs = pieceGcNs === 0 ? doneNs : Math.floor((doneNs * pieceNs) / (pieceNs + pieceGcNs));
    this.pieceEnds(thread, workedNs, doneNs - workedNs);
    thread.pieceNs -= workedNs;
    thread.pieceGcNs -= doneNs - workedNs;
  }

  /** Cuts the piece that the thread runs. */
  private limit(thread: Thread, mostNs: Nanos): void {
    if (thread.pieceNs <= mostNs) return;
    thread.pieceGcNs = Math.floor((thread.pieceGcNs * mostNs) / thread.pieceNs);
    thread.pieceNs = mostNs;
    this.cpu.shorten(thread, thread.pieceNs + thread.pieceGcNs);
  }

  private mustPark(thread: Thread): boolean {
    const { collector } = this.worldOf(thread);
    return collector !== null && collector !== thread;
  }

  private worldOf({ process }: Thread): World {
    return this.worlds[Math.floor(process / this.ractors)]!;
  }

  /** Threads that have the locks of the ractors that do not collect. */
  private othersIn({ ractors, collector }: World): Thread[] {
    return ractors.flatMap((ractor) =>
      ractor === collector!.process ? [] : this.threads[ractor]!.filter(({ isHolding }) => isHolding),
    );
  }
}
