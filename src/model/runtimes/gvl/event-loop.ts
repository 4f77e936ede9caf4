import type { Kernel } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Thread } from '../../entities/thread.js';
import type { Gvl, GvlListener } from './gvl.js';
import { Waiters } from './waiters.js';

/**
 * Who runs in an event loop: fibers (or greenlets) of one thread, which give way only when they wait for I/O. A fiber
 * whose I/O is done joins the end of the ready list; nobody is ever interrupted, so a burst of C ms delays all others
 * by C ms. Seen from the fibers it is a lock that is handed on in the order of asking, at no cost, without time slices.
 *
 * ```
 * waiting for I/O -- done, loop idle --> running --> waits for I/O: the first of the ready list runs
 *        |                                  ^
 *        +-- done, loop busy --> ready -----+ its turn
 * ```
 * The lock of the language is left out: the thread of the loop is the only one that runs code of the application.
 * @see socketry/async lib/async/scheduler.rb, gevent: libev loop, greenlet
 */
export class EventLoop implements Gvl {
  private readonly ready: Waiters;
  private running: Thread | null;

  constructor(
    private readonly kernel: Kernel,
    private readonly fibers: readonly Thread[],
    listener: GvlListener,
  ) {
    this.ready = new Waiters();
    this.running = null;
    const TURN = kernel.define('loop.turn', Rank.Grant, (fiber: Thread) => listener.granted(fiber));
    for (const fiber of fibers) {
      fiber.gvlTimer = kernel.timer(TURN, fiber);
      fiber.quantumNs = Number.POSITIVE_INFINITY;
    }
  }

  acquire(fiber: Thread): boolean {
    if (this.running === null) {
      this.running = fiber;
      return true;
    }
    this.ready.push(fiber);
    return false;
  }

  release(_fiber: Thread): void {
    const next = this.ready.shift();
    this.running = next;
    if (next !== null) this.kernel.arm(next.gvlTimer, this.kernel.nowNs());
  }

  bursts(_fiber: Thread): void {}

  sliceIsOver(_fiber: Thread): boolean {
    return false;
  }

  /** @throws Error always: nobody interrupts a fiber */
  yield(fiber: Thread): void {
    throw new Error(`${fiber} was to give way, but there are no time slices in an event loop`);
  }

  get waiting(): number {
    return this.ready.size;
  }

  reset(): void {
    this.ready.clear();
    this.running = null;
    for (const fiber of this.fibers) this.kernel.disarm(fiber.gvlTimer);
  }
}
