import type { Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import { NOBODY, type ProcessId } from '../../entities/ids.js';
import type { Thread } from '../../entities/thread.js';
import type { Loops, LoopWatch } from '../common/event-loops/loop-watch.js';
import type { Site } from '../server.js';

/**
 * gunicorn's arbiter over gevent workers. A greenlet of the worker reports every second, if the loop comes to it; every second the
 * arbiter looks for workers that have been silent for longer than `timeout`. Where reports and rounds lie is drawn.
 * ```
 * loop turns -- a greenlet does not give way --> silent -- for longer than timeout, in the next round --> SIGABRT:
 *   in Python code: an exception ends the greenlet, no answer; the worker answers the others and is replaced
 *   in a C call that keeps the GIL: the same when the call returns (CPython runs handlers of signals between bytecodes)
 * silent in a later round, before it has ended --> SIGKILL: all are lost
 * ```
 * Only rounds that may matter are events here. Known to be wrong: reports keep their pace where the loop was late for one.
 * @see benoitc/gunicorn 20.1.0 gunicorn/arbiter.py murder_workers, gunicorn/workers/ggevent.py run, handle_request,
 *   gunicorn/workers/base.py handle_abort; docs.python.org/3.12/library/signal.html, Execution of Python signal handlers
 */
export class GreenletTimeouts implements LoopWatch {
  private readonly roundNs: Nanos;
  private readonly reportNs: readonly Nanos[];
  /** The worker was sent its SIGABRT; it is on its way out, or will be when its C call returns. */
  private readonly isAborted: boolean[];
  private readonly timer: Timer;

  constructor(
    private readonly site: Site,
    private readonly timeoutNs: Nanos,
    private readonly loops: Loops,
  ) {
    const { kernel, streams } = site;
    const stream = streams.open('gunicorn/arbiter');
    const somewhere = (): Nanos => Math.floor(stream.uniform() * SECOND);
    this.roundNs = somewhere();
    this.reportNs = Array.from({ length: loops.count }, somewhere);
    this.isAborted = this.reportNs.map(() => false);
    this.timer = kernel.timer(
      kernel.define('gunicorn.arbiter-looks', Rank.Timer, () => this.look()),
      this,
    );
  }

  /** The loop has taken a connection. */
  accepted(): void {
    const { kernel } = this.site;
    if (!kernel.isArmed(this.timer)) this.lookAt(kernel.nowNs() - SECOND);
  }

  /** While nobody serves there is nothing to look for. */
  freed(): void {
    const { loops, site, timer } = this;
    for (let worker = 0; worker < loops.count; worker++) if (loops.isServing(worker)) return;
    site.kernel.disarm(timer);
  }

  renewed(worker: ProcessId): void {
    this.isAborted[worker] = false;
  }

  private look(): void {
    const { kernel } = this.site;
    const { loops } = this;
    const nowNs = kernel.nowNs();
    for (let worker = 0; worker < loops.count; worker++) {
      const fiber = loops.running(worker);
      if (fiber !== null && this.silentSinceNs(worker) + this.timeoutNs < nowNs) this.signals(worker, fiber);
    }
    const since = this.reportNs.map((_, worker) => this.silentSinceNs(worker)).filter((_, w) => loops.isServing(w));
    if (since.length > 0) this.lookAt(Math.min(...since));
  }

  /** The last report of the worker; where its loop turns, one that is a second old. */
  private silentSinceNs(worker: ProcessId): Nanos {
    const fiber = this.loops.running(worker);
    const nowNs = this.site.kernel.nowNs();
    if (fiber === null) return nowNs - SECOND;
    const reportNs = this.reportNs[worker]!;
    return Math.floor((fiber.grantedNs - reportNs) / SECOND) * SECOND + reportNs;
  }

  /** The next round in which a worker that has been silent since then is late. */
  private lookAt(sinceNs: Nanos): void {
    const { kernel } = this.site;
    const { roundNs, timeoutNs } = this;
    const earliestNs = Math.max(sinceNs + timeoutNs, kernel.nowNs()) + 1;
    kernel.arm(this.timer, Math.ceil((earliestNs - roundNs) / SECOND) * SECOND + roundNs);
  }

  /** @param fiber has the loop; one without a request is about to give it up */
  private signals(worker: ProcessId, fiber: Thread): void {
    if (fiber.request === NOBODY) return;
    const { loops, isAborted } = this;
    if (isAborted[worker]) {
      loops.kill(worker);
      return;
    }
    isAborted[worker] = true;
    loops.abort(fiber);
  }
}
