import type { Kernel } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';
import type { Thread, ThreadOwner, Threads } from '../entities/thread.js';
import type { Collector } from '../gc/collector.js';
import { Part } from '../observations.js';
import { PhaseKind } from '../phases.js';
import type { Calls } from '../runtimes/calls/calls.js';
import type { Execution } from '../runtimes/execution.js';
import type { Doorkeeper } from '../site.js';
import { ColdCode } from './cold-code.js';
import type { OutOfBandCollections } from './out-of-band.js';
import type { ScriptStep, ServerScript } from './script.js';

export interface RunnerListener {
  /** The client has its answer; the thread may have work left to do for the connection. */
  answered(request: RequestId): void;
  /** The thread has done all its work for the request. It still holds the GVL. */
  finished(thread: Thread): void;
}

/** Durations that belong to the host and the runtime, not to a request [ns]. */
export interface RunnerParams {
  readonly sleepOvershootNs: Nanos;
  /** CPU time of an I/O call itself, spent under the GVL when it returns. */
  readonly ioCallNs: Nanos;
  /** Steps of the server's script with `coldNs` take longer when they are cold. */
  readonly coldCaches: boolean;
  /** Ruby code per object of an Allocate phase, collections excluded. */
  readonly allocationCostNs: number;
  /** malloc'ed for each of them [bytes]. */
  readonly bodyBytesPerObject: number;
}

// Local copies of what is imported: compiled in as constants (docs/decisions/0009).
const Phase = PhaseKind;
const IN_IO = Part.Io;

const Stage = { Before: 0, App: 1, After: 2, OutOfBand: 3 } as const;

/**
 * Takes a request through its life on a thread: what the server does before the application, the phases of the
 * request, what the server does after it. Every return from I/O is an acquisition of the GVL.
 *
 * ```
 * serve --> before (steps of the server) --> application -- last phase --> after (steps, with the answer) --> finished
 *                                             |      ^                       `-- out-of-band collection --> finished
 *                                             v      |
 *                                    phase: Ruby code, I/O, native code, call, allocation
 * kill, from anywhere --> nothing: no answer unless it was sent
 * ```
 */
export class RequestRunner implements ThreadOwner {
  private readonly before: readonly ScriptStep[];
  private readonly after: readonly ScriptStep[];
  private readonly coldCode: Map<ScriptStep, ColdCode>;
  /** The same, and what other threads run. */
  private readonly coldPieces: ColdCode[];
  private readonly processes: number;

  constructor(
    private readonly kernel: Kernel,
    protected readonly requests: RequestTable,
    threads: Threads,
    protected readonly execution: Execution,
    private readonly collector: Collector | null,
    script: ServerScript,
    private readonly params: RunnerParams,
    private readonly listener: RunnerListener,
    private readonly outOfBand: OutOfBandCollections | null,
    private readonly calls: Calls | null,
    private readonly doorkeeper: Doorkeeper | null,
  ) {
    this.before = script.before;
    this.after = script.after;
    this.coldCode = new Map();
    this.coldPieces = [];
    this.processes = threads.length;
    for (const step of [...script.before, ...script.after]) {
      if (params.coldCaches && step.step === 'ruby' && step.coldNs !== undefined) {
        this.coldCode.set(step, this.coldPiece(step.coldNs));
      }
    }
    const IO = kernel.define('io.done', Rank.Release, (thread: Thread) => this.execution.run(thread, params.ioCallNs));
    for (const thread of threads.flat()) thread.ioTimer = kernel.timer(IO, thread);
  }

  /** How long `ns` of the server's code take now that another thread runs, which gets cold as the steps do: `coldNs` as theirs. */
  codeElsewhere(ns: Nanos, coldNs: Nanos): (process: ProcessId) => Nanos {
    if (!this.params.coldCaches) return () => ns;
    const code = this.coldPiece(coldNs);
    return (process) => ns + code.runs(process, this.kernel.nowNs());
  }

  private coldPiece(perRootMsNs: Nanos): ColdCode {
    const piece = new ColdCode(this.processes, perRootMsNs);
    this.coldPieces.push(piece);
    return piece;
  }

  /** Another process takes the place of this one. */
  renewed(process: ProcessId): void {
    for (const code of this.coldPieces) code.renewed(process);
  }

  /** The thread takes the request; it acquires the GVL first unless it holds it. */
  serve(thread: Thread, request: RequestId): void {
    thread.pickUp(request);
    thread.stage = Stage.Before;
    thread.position = 0;
    this.execution.resume(thread);
  }

  executed(thread: Thread): void {
    if (thread.stage === Stage.App) this.nextPhase(thread);
    else if (thread.stage === Stage.Before) this.goTowardsApp(thread);
    else this.goOnAfterApp(thread);
  }

  private goTowardsApp(thread: Thread): void {
    if (this.before.length > 0 && this.serverStep(thread, this.before)) return;
    thread.stage = Stage.App;
    this.requests.appStartNs[thread.request] = this.kernel.nowNs();
    if (this.doorkeeper?.refuses(thread.request)) thread.position = this.requests.phaseCount[thread.request]!;
    else if (this.requests.uploadNs[thread.request]! > 0 && this.readsBody(thread)) return;
    this.nextPhase(thread);
  }

  private nextPhase(thread: Thread): void {
    const request = thread.request;
    const position = thread.position++;
    if (position < this.requests.phaseCount[request]!)
      this.phase(thread, request, request * this.requests.maxPhases + position);
    else this.appEnds(thread, request);
  }

  private appEnds(thread: Thread, request: RequestId): void {
    this.requests.appEndNs[request] = this.kernel.nowNs();
    if (this.calls !== null) this.calls.requestEnds(thread);
    if (this.collector !== null) this.execution.allocates(thread, 0, 0);
    thread.stage = Stage.After;
    thread.position = 0;
    this.goOnAfterApp(thread);
  }

  private goOnAfterApp(thread: Thread): void {
    if (thread.stage === Stage.After) {
      if (this.serverStep(thread, this.after)) return;
      this.collector?.requestEnded(thread.process, thread.id);
      if (this.outOfBand?.isDue(thread)) {
        thread.stage = Stage.OutOfBand;
        this.execution.collectFully(thread, this.collector!);
        return;
      }
    }
    this.listener.finished(thread);
  }

  /** The application reads the request's body first; false if the server has read it all. */
  private readsBody(thread: Thread): boolean {
    const { arrivedNs, uploadNs } = this.requests;
    const wholeNs = arrivedNs[thread.request]! + uploadNs[thread.request]!;
    if (wholeNs <= this.kernel.nowNs()) return false;
    this.execution.block(thread, IN_IO);
    this.kernel.arm(thread.ioTimer, wholeNs);
    return true;
  }

  /**
   * The thread was killed, its execution is stopped: the request that it had ends without an answer.
   * @returns the request; NOBODY if it had none, or one that was answered already
   */
  kill(thread: Thread): RequestId {
    const { request } = thread;
    this.kernel.disarm(thread.ioTimer);
    this.calls?.abandon(thread);
    this.collector?.requestEnded(thread.process, thread.id);
    if (request === NOBODY) return NOBODY;
    this.requests.killed(request, thread.stage !== Stage.Before, thread.stage === Stage.After);
    thread.drop();
    return request;
  }

  /** Takes the next step of a server script; false if there is none left, and the position is back at 0. */
  private serverStep(thread: Thread, script: readonly ScriptStep[]): boolean {
    while (thread.position < script.length) {
      const step = script[thread.position++]!;
      if (step.step === 'answer') {
        this.answer(thread);
        continue;
      }
      if (step.step === 'send') {
        const waitsNs = step.waitsNs(thread);
        if (waitsNs === 0) continue;
        this.execution.block(thread, IN_IO);
        this.kernel.arm(thread.ioTimer, this.kernel.nowNs() + waitsNs);
        return true;
      }
      if (step.step === 'ask') {
        if (!step.decides(thread)) continue;
        this.execution.trip(thread);
        return true;
      }
      if (step.step === 'trip') this.execution.trip(thread);
      else if (step.coldNs === undefined || !this.params.coldCaches) this.execution.run(thread, step.ns);
      else this.execution.run(thread, step.ns + this.coldCode.get(step)!.runs(thread.process, this.kernel.nowNs()));
      return true;
    }
    thread.position = 0;
    return false;
  }

  private answer(thread: Thread): void {
    const request = thread.request;
    thread.drop();
    this.listener.answered(request);
  }

  private phase(thread: Thread, request: RequestId, at: number): void {
    const { requests } = this;
    const kind = requests.phaseKind[at]!;
    if (kind === Phase.Cpu) {
      this.ruby(thread, request, requests.phaseDemand[at]!);
      return;
    }
    // What a request allocates is spread over its own Ruby code; a call, and giving the lock up for it, allocates nothing.
    if (this.collector !== null) this.execution.allocates(thread, 0, 0);
    if (kind === Phase.Io) {
      this.execution.block(thread, IN_IO);
      this.kernel.arm(thread.ioTimer, this.kernel.nowNs() + requests.phaseDemand[at]! + this.params.sleepOvershootNs);
    } else this.seldomPhase(thread, request, at);
  }

  private seldomPhase(thread: Thread, request: RequestId, at: number): void {
    const { execution, requests } = this;
    const demand = requests.phaseDemand[at]!;
    const kind = requests.phaseKind[at]!;
    if (kind === Phase.ShortHolds) execution.shortHolds(thread, demand);
    else if (kind === Phase.Native) execution.native(thread, demand);
    else if (kind === Phase.Hold) execution.hold(thread, demand);
    else if (kind === Phase.Allocate) this.allocate(thread, at, demand);
    else this.calls!.phase(thread, request, at);
  }

  /** Ruby code of the application, `demandNs` if it is interpreted. */
  protected ruby(thread: Thread, request: RequestId, demandNs: Nanos): void {
    if (this.collector !== null) {
      const { objectsPerNs, mallocBytesPerNs } = this.requests;
      this.execution.allocates(thread, objectsPerNs[request]!, mallocBytesPerNs[request]!);
    }
    this.execution.run(thread, demandNs);
  }

  private allocate(thread: Thread, at: number, objects: number): void {
    const cost = this.params.allocationCostNs;
    this.collector?.keep(thread.process, thread.id, this.requests.phaseKept[at]!);
    for (const code of this.coldPieces) code.allocated(thread.process, objects);
    this.collector?.makeStrings(thread.process, thread.id, objects);
    this.execution.allocates(thread, 1 / cost, this.params.bodyBytesPerObject / cost);
    this.execution.run(thread, Math.round(objects * cost));
  }
}
