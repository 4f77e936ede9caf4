import type { Kernel } from '../../../../kernel/kernel.js';
import type { Nanos } from '../../../../kernel/time.js';
import { NOBODY, type RequestId } from '../../../entities/ids.js';
import type { Thread, ThreadOwner } from '../../../entities/thread.js';
import { Part } from '../../../observations.js';
import type { ListenSocket } from '../../../reception/listen-socket.js';
import type { Execution } from '../../../runtimes/execution.js';

const Step = { Waiting: 0, Woken: 1, Accepted: 2, Missed: 3, Full: 4, Closed: 5 } as const;
type Step = (typeof Step)[keyof typeof Step];

export interface AcceptorCosts {
  readonly wakeLatencyNs: Nanos;
  /** Accepting a connection, and finding that a sibling was faster [ns]. */
  readonly acceptNs: Nanos;
  readonly emptyAcceptNs: Nanos;
}

/** What the acceptor tells the process it belongs to. */
export interface AcceptorListener {
  /** Whether the process was asked to end. */
  isDraining(): boolean;
  accepted(connection: RequestId): void;
  /** The connection gets a fiber of its own. */
  serves(fiber: Thread, connection: RequestId): void;
  /** It accepts no more, in its turn. One that had woken it is left to another process. */
  closed(): void;
}

/**
 * The fiber that accepts in one process, and the fibers that are free to serve what it accepts.
 *
 * ```
 * waiting -- readable --> woken -- its turn --> accepted: a fiber serves it, or missed --> woken, waiting, or full
 *                                                                      full -- a fiber is free --> waiting
 * closed, from any state: the process ends
 * ```
 */
export class LoopAcceptor implements ThreadOwner {
  /** Fibers that serve nobody, a stack. */
  private free: Thread[];
  private step: Step;
  private connection: RequestId;

  /** @param fibers those that serve */
  constructor(
    private readonly kernel: Kernel,
    private readonly execution: Execution,
    private readonly socket: ListenSocket,
    readonly fiber: Thread,
    private readonly fibers: readonly Thread[],
    private readonly costs: AcceptorCosts,
    private readonly listener: AcceptorListener,
  ) {
    this.free = [...fibers].reverse();
    this.step = Step.Waiting;
    this.connection = NOBODY;
    fiber.owner = this;
  }

  get isWaiting(): boolean {
    return this.step === Step.Waiting;
  }

  get isClosed(): boolean {
    return this.step === Step.Closed;
  }

  /** Fibers with a request. */
  get busy(): number {
    return this.fibers.length - this.free.length;
  }

  /** A new process: it looks for connections at once. */
  opens(): void {
    this.fiber.owner = this;
    this.step = Step.Woken;
    this.execution.resume(this.fiber);
  }

  /** If it sleeps; if not, in its turn. */
  closes(): void {
    if (this.step === Step.Waiting || this.step === Step.Full) this.step = Step.Closed;
  }

  /** The process is gone. @returns the connection that had no fiber yet, and the fibers that were serving */
  vanishes(): { readonly lost: RequestId; readonly serving: readonly Thread[] } {
    const idle = new Set(this.free);
    const lost = this.step === Step.Accepted ? this.connection : NOBODY;
    this.kernel.disarm(this.fiber.wakeTimer);
    this.step = Step.Closed;
    this.free = [...this.fibers].reverse();
    return { lost, serving: this.free.filter((fiber) => !idle.has(fiber)) };
  }

  wake(): void {
    this.step = Step.Woken;
    this.kernel.arm(this.fiber.wakeTimer, this.kernel.nowNs() + this.costs.wakeLatencyNs);
  }

  executed(): void {
    if (this.step === Step.Woken) {
      this.accept();
      return;
    }
    if (this.step === Step.Accepted) this.listener.serves(this.free.pop()!, this.connection);
    this.waitOrGoOn();
  }

  /** A fiber has done with its request. */
  freed(fiber: Thread): void {
    this.free.push(fiber);
  }

  /** There is a free fiber again. */
  goesOn(): void {
    if (this.step !== Step.Full) return;
    this.step = Step.Waiting;
    if (this.socket.size > 0) this.wake();
  }

  private accept(): void {
    if (this.listener.isDraining()) {
      this.close();
      return;
    }
    this.connection = this.socket.accept();
    const isMissed = this.connection === NOBODY;
    this.step = isMissed ? Step.Missed : Step.Accepted;
    if (!isMissed) this.listener.accepted(this.connection);
    this.execution.run(this.fiber, isMissed ? this.costs.emptyAcceptNs : this.costs.acceptNs);
  }

  /** Behind those that are ready, if a connection waits; without a free fiber nothing is accepted. */
  private waitOrGoOn(): void {
    if (this.listener.isDraining()) {
      this.close();
      return;
    }
    if (this.free.length > 0 && this.socket.size > 0) {
      this.step = Step.Woken;
      this.execution.trip(this.fiber);
      return;
    }
    this.step = this.free.length > 0 ? Step.Waiting : Step.Full;
    this.execution.block(this.fiber, Part.Queue);
  }

  private close(): void {
    this.step = Step.Closed;
    this.execution.block(this.fiber, Part.Queue);
    this.listener.closed();
  }
}
