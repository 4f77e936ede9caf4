import type { Kernel } from '../../kernel/kernel.js';
import type { RequestTable } from '../entities/requests.js';
import type { Thread, Threads } from '../entities/thread.js';
import type { NativeMallocSpec, SimulatedMemorySpec } from '../memory-spec.js';
import type { HostMemory } from './host-memory.js';
import type { ArenaId } from './malloc/allocator.js';
import { largeShareOf, lockUse } from './malloc/contention.js';
import type { NativeHeaps, NativeUse } from './malloc/native-mallocs.js';

/** The heaps of a host's processes, for native code that mallocs as the class of its request says. */
export class ClassNativeHeaps implements NativeHeaps {
  private readonly uses: readonly (NativeUse | null)[];
  /** Number of each thread within its process. */
  private readonly numbers: ReadonlyMap<Thread, number>;

  constructor(
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    { classes, allocator }: SimulatedMemorySpec,
    threads: Threads,
    private readonly memory: HostMemory,
  ) {
    this.uses = classes.map(({ native }) => (native === null ? null : useOf(native, allocator.kind === 'glibc')));
    this.numbers = new Map(
      threads.flatMap((ofProcess) => ofProcess.map((thread, number) => [thread, number] as const)),
    );
  }

  useOf(thread: Thread): NativeUse | null {
    return this.uses[this.requests.classOf[thread.request]!] ?? null;
  }

  begin(thread: Thread, { heldBytes, blockBytes }: NativeUse): ArenaId {
    const { bytes } = this.memory.workers[thread.process]!;
    return bytes.hold(this.numbers.get(thread)!, heldBytes, blockBytes);
  }

  end(thread: Thread, { heldBytes, blockBytes }: NativeUse): void {
    const { bytes } = this.memory.workers[thread.process]!;
    bytes.release(this.numbers.get(thread)!, heldBytes, this.kernel.nowNs(), blockBytes);
  }
}

/** jemalloc takes blocks from an arena by the dozen, so its locks do not matter: two threads were measured at twice the rate of one. */
function useOf({ pairsPerNs, blockBytes, heldBytes }: NativeMallocSpec, isGlibc: boolean): NativeUse {
  const lock = isGlibc ? lockUse(1 / pairsPerNs, largeShareOf(blockBytes)) : null;
  return { lock, heldBytes, blockBytes };
}
