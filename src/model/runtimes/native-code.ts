import type { Nanos } from '../../kernel/time.js';
import type { Cpu } from '../cpu/cpu.js';
import type { Thread } from '../entities/thread.js';
import type { NativeMallocs } from '../memory/malloc/native-mallocs.js';

/**
 * Native code outside the GVL: it needs a core, and longer for the same work while others allocate from the same arena.
 *
 * ```
 * begins --> on a core -- piece done --> ended
 *               ^            `-- stretched meanwhile: the rest --+
 *               +------------------------------------------------+
 * ```
 */
export class NativeCode {
  constructor(
    private readonly cpu: Cpu,
    /** Null: it meets nobody at malloc. */
    private readonly mallocs: NativeMallocs | null,
  ) {
    mallocs?.attach({
      leftNs: (thread) => cpu.leftNs(thread),
      shorten: (thread, workNs) => {
        thread.pieceNs -= cpu.leftNs(thread) - workNs;
        cpu.shorten(thread, workNs);
      },
    });
  }

  /** The thread, which has given up the lock, starts with work for `workNs` of CPU time if it meets nobody. */
  begin(thread: Thread, workNs: Nanos): void {
    this.start(thread, this.mallocs === null ? workNs : this.mallocs.begins(thread, workNs));
  }

  /** The piece is done; false if nothing is left. */
  goesOn(thread: Thread): boolean {
    const moreNs = this.mallocs === null ? 0 : this.mallocs.goesOn(thread);
    if (moreNs > 0) this.start(thread, moreNs);
    return moreNs > 0;
  }

  /** The thread is stopped in the middle. Returns what it has worked of the piece [ns]. */
  stop(thread: Thread): Nanos {
    const workedNs = thread.pieceNs - this.cpu.stop(thread);
    this.mallocs?.killed(thread);
    return workedNs;
  }

  private start(thread: Thread, workNs: Nanos): void {
    thread.pieceNs = workNs;
    thread.workNs = workNs;
    this.cpu.start(thread);
  }
}
