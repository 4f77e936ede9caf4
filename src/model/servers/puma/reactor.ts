import type { Kernel } from '../../../kernel/kernel.js';
import type { Nanos } from '../../../kernel/time.js';
import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Execution } from '../../runtimes/execution.js';

export interface ReactorParams {
  readonly thread: Thread;
  /** One pass for a request whose body is complete [ns]. */
  readonly passNs: Nanos;
  readonly wakeLatencyNs: Nanos;
}

/**
 * Puma's reactor: waits for the bodies of requests that did not arrive whole, and gives them to the pool when they are
 * complete. A Ruby thread like the others. Reading the parts before the last one is not simulated.
 * ```
 * sleeps -- the last part of a body has come --> waits for the GVL --> hands all that are complete to the pool --> sleeps
 * ```
 * @see puma/puma lib/puma/reactor.rb, server.rb reactor_wakeup
 */
export class Reactor implements ThreadOwner {
  private readonly complete: Fifo;
  private current: RequestId;
  private isAsleep: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly params: ReactorParams,
    private readonly completed: (request: RequestId) => void,
  ) {
    this.complete = new Fifo();
    this.current = NOBODY;
    this.isAsleep = true;
    params.thread.owner = this;
  }

  /** The body of the request is complete. */
  bodyArrived(request: RequestId): void {
    this.complete.push(request);
    if (!this.isAsleep) return;
    this.isAsleep = false;
    this.kernel.arm(this.params.thread.wakeTimer, this.kernel.nowNs() + this.params.wakeLatencyNs);
  }

  /** It has nothing that is complete and not passed on. */
  get isIdle(): boolean {
    return this.isAsleep;
  }

  /** The process begins, or begins anew. */
  opens(): void {
    this.isAsleep = true;
    this.params.thread.owner = this;
  }

  /** The process is gone. */
  vanishes(lost: (request: RequestId) => void): void {
    this.kernel.disarm(this.params.thread.wakeTimer);
    if (this.current !== NOBODY) lost(this.current);
    this.current = NOBODY;
    while (this.complete.size > 0) lost(this.complete.shift());
    this.isAsleep = true;
  }

  wake(): void {
    this.execution.resume(this.params.thread);
  }

  executed(thread: Thread): void {
    if (this.current !== NOBODY) this.completed(this.current);
    this.current = this.complete.shift();
    if (this.current !== NOBODY) {
      this.execution.run(thread, this.params.passNs);
      return;
    }
    this.isAsleep = true;
    this.execution.block(thread, Part.Queue);
  }
}
