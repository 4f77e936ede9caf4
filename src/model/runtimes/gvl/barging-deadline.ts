import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';
import { SharedCore } from './shared-core.js';
import { Waiters } from './waiters.js';
import { wakeLatencyOf } from './wake-ups.js';

/**
 * The lock of Ruby 2.6 to 3.2: a release frees the lock and signals the first waiter; until that thread is awake,
 * anybody who asks may take the lock (barging), and the waiter sleeps on at its place.
 *
 * One waiter at a time is the clock. It sleeps until a deadline that all waiters share: renewed to now + 100 ms only
 * after an expiry or when somebody took the lock without contention, so slices end on a grid that does not begin with
 * their owner's turn. When the clock wakes, by expiry or by signal, it asks whoever holds the lock to give it up; one
 * expiry counts as a full 100 ms of running time. A thread that gives way does not come back before a waiter took over.
 *
 * ```
 *          acquire, lock free                         release: lock free, first waiter signalled
 * outside ---------------------------> running ------------------> outside
 *    |  acquire, lock held               ^  |  clock woke, 100 ms booked
 *    v              awake, lock free     |  v
 * asleep (one of them is the clock) -----+  yielding --> another took the lock --> acquire
 *    ^----- awake, lock taken: barged past
 * ```
 * Where all threads share one core, who is awake first is up to the scheduler: see `SharedCore`. A thread whose blocking
 * call returns at once keeps the lock unless it has had its slice and a waiter pre-empts it.
 *
 * @see ruby/ruby thread_pthread.c at v3_1_2: gvl_acquire_common, do_gvl_timer, gvl_yield
 */
export class BargingDeadlineGvl implements Gvl {
  private readonly waiters: Waiters;
  private owner: Thread | null;
  /** The waiter that sleeps with a deadline. */
  private clock: Thread | null;
  /** The shared deadline, and whether the next clock must renew it. */
  private deadlineNs: Nanos;
  private mustRenew: boolean;
  /** The thread that gave way and waits until a waiter has taken the lock, and whether none has yet. */
  private yielder: Thread | null;
  private mustSwitch: boolean;
  /** Threads that gave way while another one did: they wait until that one is awake. */
  private readonly laterYielders: Thread[];
  private lastRunner: Thread | null;
  private usedNs: Nanos;
  private readonly deadlineTimer: Timer;
  private readonly quantumNs: Nanos;
  private readonly overshootNs: Nanos;
  /** Null where a woken thread finds a core of its own. */
  private readonly core: SharedCore | null;
  /** Threads that come for the lock but do not have the core yet. */
  private readonly arriving: Set<Thread>;
  /** One core: when each waiter queued, and when the owner took the lock. */
  private readonly queuedNs: Map<Thread, Nanos>;
  private tookNs: Nanos;
  /** One core: the owner has slept in a call that keeps the lock since it took it. */
  private hasSlept: boolean;
  /** One core: the last release woke a thread that the core is owed to. */
  private isOwed: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly threads: readonly Thread[],
    private readonly params: GvlParams,
    private readonly listener: GvlListener,
  ) {
    this.waiters = new Waiters();
    this.owner = null;
    this.clock = null;
    this.deadlineNs = 0;
    this.mustRenew = true;
    this.yielder = null;
    this.mustSwitch = false;
    this.laterYielders = [];
    this.lastRunner = null;
    this.usedNs = 0;
    this.quantumNs = params.quantumNs;
    this.overshootNs = params.timerOvershootNs;
    const isShared = params.preemptAfterNs !== Number.POSITIVE_INFINITY;
    this.core = isShared ? new SharedCore(kernel, params.preemptAfterNs, Math.ceil(params.wakeLatencyNs / 2)) : null;
    this.arriving = new Set();
    this.queuedNs = new Map();
    this.tookNs = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.hasSlept = false;
    this.isOwed = false;
    const WAKE = kernel.define('gvl.wake', Rank.Grant, (thread: Thread) => this.wake(thread));
    this.deadlineTimer = kernel.timer(
      kernel.define('gvl.deadline', Rank.Timer, () => this.expire()),
      this,
    );
    for (const thread of threads) {
      thread.gvlTimer = kernel.timer(WAKE, thread);
      thread.quantumNs = params.quantumNs;
    }
  }

  acquire(thread: Thread): boolean {
    if (this.core !== null) return this.acquireOnCore(this.core, thread);
    return this.askFor(thread);
  }

  private askFor(thread: Thread): boolean {
    if (this.owner === null) {
      this.mustRenew = true;
      this.take(thread);
      return true;
    }
    this.waiters.push(thread);
    if (this.core !== null) this.queuedNs.set(thread, this.kernel.nowNs());
    this.sleep(thread);
    return false;
  }

  release(thread: Thread): void {
    this.owner = null;
    const first = this.waiters.first;
    if (this.core !== null) this.isOwed = first !== null && this.isOwedTheCore(first);
    if (first !== null) this.signal(first);
    this.core?.leaves(thread, first);
  }

  bursts(): void {}

  holderSleeps(): void {
    if (this.core === null) return;
    this.hasSlept = true;
    this.core.idles();
  }

  holderWakes(): void {
    this.core?.begins();
  }

  sliceIsOver(thread: Thread): boolean {
    this.usedNs += this.quantumNs; // an expiry books a full quantum, whatever time really passed
    return this.usedNs >= thread.quantumNs && this.waiters.size > 0;
  }

  yield(thread: Thread): void {
    thread.isYielding = true;
    thread.asleepSinceNs = this.kernel.nowNs();
    if (this.yielder === null) {
      this.yielder = thread;
      this.mustSwitch = true;
    } else this.laterYielders.push(thread);
    this.release(thread);
  }

  get waiting(): number {
    const yielders = this.yielder === null ? 0 : 1 + this.laterYielders.length;
    return this.waiters.size + yielders;
  }

  reset(): void {
    this.waiters.clear();
    this.owner = null;
    this.clock = null;
    this.mustRenew = true;
    this.yielder = null;
    this.mustSwitch = false;
    this.laterYielders.length = 0;
    this.lastRunner = null;
    this.arriving.clear();
    this.queuedNs.clear();
    this.hasSlept = false;
    this.isOwed = false;
    this.core?.reset();
    this.kernel.disarm(this.deadlineTimer);
    for (const thread of this.threads) {
      thread.isYielding = false;
      this.kernel.disarm(thread.gvlTimer);
    }
  }

  private take(thread: Thread): void {
    this.owner = thread;
    if (this.core !== null) {
      this.tookNs = this.kernel.nowNs();
      this.hasSlept = false;
    }
    if (this.clock === null && this.waiters.size > 0) this.signal(this.waiters.last!);
    if (this.lastRunner !== thread) {
      this.lastRunner = thread;
      this.usedNs = 0;
    }
  }

  /** Wakes a sleeping thread; a second signal before it is awake is lost. */
  private signal(thread: Thread): void {
    const timer = thread.gvlTimer;
    if (this.kernel.isArmed(timer)) return;
    const nowNs = this.kernel.nowNs();
    this.kernel.arm(timer, nowNs + wakeLatencyOf(this.params, thread, nowNs));
  }

  private acquireOnCore(core: SharedCore, thread: Thread): boolean {
    if (core.isBack(thread)) {
      if (this.waiters.size > 0 && (core.hadItsSlice || this.isOwed)) {
        this.arriving.add(thread);
        core.makeWay(thread, wakeLatencyOf(this.params, this.waiters.first!, this.kernel.nowNs()));
        return false;
      }
      core.stays();
      return this.askFor(thread);
    }
    if (core.isKept) {
      this.arriving.add(thread);
      core.wait(thread);
      return false;
    }
    if (this.owner === null) core.begins();
    return this.askFor(thread);
  }

  /**
   * The owner does not keep the core to the end of its slice against a waiter that it wakes if it has slept in its turn and the waiter has been
   * asleep since before that: the scheduler owes that one core time. Who is on its way already is not woken, and owed nothing.
   *
   * Threads of {1 or 5 ms of native sleep with the lock; 20 to 450 us of Ruby code; two writes} on one core, Ruby 3.1.2, Linux 6.18 (test/measured/micro/writes.rb):
   * 517 of 587 first writes lost the lock where the first waiter came before the turn, 166 of 1,523 where it came later, and hardly any second write.
   * @see Linux kernel/sched/fair.c: place_entity, check_preempt_wakeup_fair
   */
  private isOwedTheCore(first: Thread): boolean {
    return this.hasSlept && !this.kernel.isArmed(first.gvlTimer) && this.queuedNs.get(first)! < this.tookNs;
  }

  private wake(thread: Thread): void {
    if (this.core?.isKept) {
      this.core.wait(thread);
      return;
    }
    this.core?.looks(thread);
    if (this.arriving.delete(thread)) {
      if (this.acquire(thread)) this.listener.granted(thread);
      return;
    }
    if (thread.isYielding) {
      this.gaveWay(thread);
      return;
    }
    if (this.clock === thread) {
      this.kernel.disarm(this.deadlineTimer);
      this.mustRenew = false;
      this.clockAwake(thread);
    } else {
      this.awake(thread);
    }
  }

  /** The thread that gave way is awake again, and asks for the lock. */
  private gaveWay(thread: Thread): void {
    thread.isYielding = false;
    if (this.yielder === thread) {
      this.yielder = null;
      for (const later of this.laterYielders.splice(0)) this.signal(later);
    }
    if (this.acquire(thread)) this.listener.granted(thread);
  }

  private expire(): void {
    const thread = this.clock!;
    if (this.kernel.isArmed(thread.gvlTimer)) return; // the signal came first and ended the wait
    this.mustRenew = true;
    this.clockAwake(thread);
  }

  /** The clock looks at the lock before the owner it has flagged gets to its check point: it sleeps again first. */
  private clockAwake(thread: Thread): void {
    const owner = this.owner;
    this.clock = null;
    this.awake(thread);
    if (owner !== null) this.listener.interrupted(owner);
  }

  /** A waiter is awake: takes the lock if it is free, else sleeps again at its place. */
  private awake(thread: Thread): void {
    if (this.owner !== null) {
      this.sleep(thread);
      return;
    }
    this.waiters.remove(thread);
    if (this.mustSwitch) {
      this.mustSwitch = false;
      this.signal(this.yielder!);
    }
    this.core?.begins();
    this.take(thread);
    this.listener.granted(thread);
  }

  private sleep(thread: Thread): void {
    thread.asleepSinceNs = this.kernel.nowNs();
    if (this.clock !== null) return;
    this.clock = thread;
    if (this.mustRenew) this.deadlineNs = this.kernel.nowNs() + this.quantumNs;
    const endsNs = this.deadlineNs + this.overshootNs;
    this.kernel.arm(this.deadlineTimer, endsNs > this.kernel.nowNs() ? endsNs : this.kernel.nowNs());
  }
}
