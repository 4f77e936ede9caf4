import type { Nanos } from '../../kernel/time.js';
import type { RequestId } from '../entities/ids.js';
import type { Thread } from '../entities/thread.js';
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

  constructor(private readonly callThreshold: number) {
    this.served = [];
  }

  /** Another process takes the place of this one: nothing is compiled. */
  renewed(process: number): void {
    this.served[process]?.fill(0);
  }

  /** The process takes a request of the class: what its Ruby code is by now. */
  serves(process: number, cls: number): Code {
    this.served[process] ??= new Int32Array(2 ** 16);
    const before = this.served[process]![cls]!++;
    if (before < this.callThreshold) return Code.Interpreted;
    return before === this.callThreshold ? Code.Compiling : Code.Compiled;
  }
}

const Code = { Interpreted: 0, Compiling: 1, Compiled: 2 } as const;
type Code = (typeof Code)[keyof typeof Code];

/**
 * Runners whose requests get faster as their process warms up. The demands of a request stay what they are: it may be sent,
 * or begun, again in another process.
 *
 * @param ractors of each process, which have the compiled code in common
 */
export function yjitRunner(spec: YjitSpec, ractors: number): typeof RequestRunner {
  const { speedup, compileNs } = spec;
  return class YjitRunner extends RequestRunner {
    private readonly warmUp: WarmUp;
    /** What the request of each thread runs, by number of the thread. */
    private readonly codeOf: Code[];

    constructor(...parts: ConstructorParameters<typeof RequestRunner>) {
      super(...parts);
      this.warmUp = new WarmUp(spec.callThreshold);
      this.codeOf = [];
    }

    override renewed(process: number): void {
      super.renewed(process);
      this.warmUp.renewed(Math.floor(process / ractors));
    }

    override serve(thread: Thread, request: RequestId): void {
      const process = Math.floor(thread.process / ractors);
      this.codeOf[thread.id] = this.warmUp.serves(process, this.requests.classOf[request]!);
      super.serve(thread, request);
    }

    protected override ruby(thread: Thread, request: RequestId, demandNs: Nanos): void {
      const code = this.codeOf[thread.id]!;
      if (code === Code.Interpreted) {
        super.ruby(thread, request, demandNs);
        return;
      }
      // As many allocations in less time.
      const { objectsPerNs, mallocBytesPerNs } = this.requests;
      this.execution.allocates(thread, objectsPerNs[request]! * speedup, mallocBytesPerNs[request]! * speedup);
      this.execution.run(thread, Math.round(demandNs / speedup) + (code === Code.Compiling ? compileNs : 0));
      this.codeOf[thread.id] = Code.Compiled;
    }
  };
}
