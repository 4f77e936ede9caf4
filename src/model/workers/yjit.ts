import type { RequestId } from '../entities/ids.js';
import type { RequestTable } from '../entities/requests.js';
import type { Thread } from '../entities/thread.js';
import { PhaseKind } from '../phases.js';
import type { YjitSpec } from '../spec.js';
import { RequestRunner } from './request-runner.js';

/**
 * Ruby code under YJIT: methods are compiled after so many calls, in each process for itself, since processes that were
 * forked before share nothing of what is compiled later.
 *
 * ```
 * interpreted -- call_threshold requests of the class in this process --> compiling (once) --> compiled: 1 / speedup
 * ```
 * A request of a class calls every method of the class once here; real code warms up gradually, as some methods are
 * called in every request and others hardly ever. The demands of a scenario are those of interpreted code. The memory
 * of the compiled code is that of `app.memory`.
 * @see ruby/ruby yjit.c (rb_yjit_call_threshold 30)
 */
class WarmUp {
  /** Requests served so far: [process][class]. */
  private readonly served: Int32Array[];

  constructor(
    private readonly spec: YjitSpec,
    private readonly requests: RequestTable,
  ) {
    this.served = [];
  }

  /** Another process takes the place of this one: nothing is compiled. */
  renewed(process: number): void {
    this.served[process]?.fill(0);
  }

  /** The process takes the request: its Ruby code takes as long as it does by now. */
  serves(process: number, request: RequestId): void {
    const { speedup, callThreshold, compileNs } = this.spec;
    const { phaseKind, phaseDemand, phaseCount, maxPhases, classOf } = this.requests;
    this.served[process] ??= new Int32Array(2 ** 16);
    const before = this.served[process]![classOf[request]!]!++;
    if (before < callThreshold) return;
    let extraNs = before === callThreshold ? compileNs : 0;
    const first = request * maxPhases;
    for (let k = first; k < first + phaseCount[request]!; k++) {
      if (phaseKind[k] !== PhaseKind.Cpu) continue;
      phaseDemand[k] = Math.round(phaseDemand[k]! / speedup) + extraNs;
      extraNs = 0;
    }
    // As many allocations in less time.
    this.requests.objectsPerNs[request]! *= speedup;
    this.requests.mallocBytesPerNs[request]! *= speedup;
  }
}

/**
 * Runners whose requests get faster as their process warms up.
 *
 * @param ractors of each process, which have the compiled code in common
 */
export function yjitRunner(spec: YjitSpec, ractors: number): typeof RequestRunner {
  return class YjitRunner extends RequestRunner {
    private readonly warmUp: WarmUp;

    constructor(...parts: ConstructorParameters<typeof RequestRunner>) {
      super(...parts);
      this.warmUp = new WarmUp(spec, parts[1]);
    }

    override renewed(process: number): void {
      super.renewed(process);
      this.warmUp.renewed(Math.floor(process / ractors));
    }

    override serve(thread: Thread, request: RequestId): void {
      this.warmUp.serves(Math.floor(thread.process / ractors), request);
      super.serve(thread, request);
    }
  };
}
