import type { LazySweep } from './lazy-sweep.js';
import { MALLOC_LIMIT_DECAY, type RubyGcParameters } from './ruby-parameters.js';

/**
 * The malloc'ed bytes that Ruby counts to decide on collections, for each process.
 *
 * Both counters grow with every allocation, fall (not below 0) with every free, and start again: `increase` at every
 * collection, `oldIncrease` at every major one.
 *
 * ```
 * collection starts: increase has reached limit --> limit grows     has not --> limit decays        increase = 0
 * minor: oldIncrease above oldLimit --> the next one is major, oldLimit grows
 * major: oldIncrease = 0, and oldLimit shrinks unless it was the reason
 * ```
 * @see ruby/ruby gc.c 3.3.8 `objspace_malloc_increase_body`, `gc_reset_malloc_info`
 */
export class MallocAccount {
  readonly increase: Float64Array;
  readonly limit: Float64Array;
  readonly oldIncrease: Float64Array;
  readonly oldLimit: Float64Array;
  /** The collection under way is a major one because of `oldLimit`. */
  private readonly isMajorByOld: Uint8Array;

  constructor(
    processes: number,
    private readonly params: RubyGcParameters,
  ) {
    this.increase = new Float64Array(processes);
    this.oldIncrease = new Float64Array(processes);
    this.limit = new Float64Array(processes).fill(params.RUBY_GC_MALLOC_LIMIT);
    this.oldLimit = new Float64Array(processes).fill(params.RUBY_GC_OLDMALLOC_LIMIT);
    this.isMajorByOld = new Uint8Array(processes);
  }

  /** Books what was malloc'ed and freed since the last call; bytes freed beyond the counted ones are forgotten. */
  add(process: number, mallocBytes: number, freedBytes: number): void {
    const change = mallocBytes - freedBytes;
    this.increase[process] = Math.max(0, this.increase[process]! + change);
    this.oldIncrease[process] = Math.max(0, this.oldIncrease[process]! + change);
  }

  /** Whether the limit is as good as reached: a burst is cut at a whole ns, which may be some bytes too early. */
  isAtLimit(process: number): boolean {
    return this.limit[process]! - this.increase[process]! < CUT_BYTES;
  }

  /**
   * Part of a burst that can run until the counter passes its limit; what sweeping frees meanwhile lowers it.
   *
   * @param objects of the burst, which sweeping keeps pace with
   */
  runnableFraction(process: number, objects: number, mallocBytes: number, sweep: LazySweep): number {
    const limit = this.limit[process]!;
    let level = this.increase[process]!;
    if (this.isAtLimit(process)) return 0;
    const perObject = mallocBytes / objects;
    const freed = Math.min(objects, sweep.dirtyObjects);
    if (freed === 0) return Math.min(1, (limit - level) / mallocBytes);
    const slope = perObject - sweep.bytesPerObject;
    if (slope > 0 && level + slope * freed >= limit) return (limit - level) / slope / objects;
    level = Math.max(0, level + slope * freed);
    return Math.min(1, (freed + (limit - level) / perObject) / objects);
  }

  /** Books the bytes of a burst that has run, the first of them while sweeping freed others. */
  allocated(process: number, objects: number, mallocBytes: number, sweep: LazySweep): void {
    const freed = Math.min(objects, sweep.dirtyObjects);
    if (freed > 0) {
      const bytes = (mallocBytes * freed) / objects;
      this.add(process, bytes, freed * sweep.bytesPerObject);
      this.add(process, mallocBytes - bytes, 0);
    } else this.add(process, mallocBytes, 0);
  }

  /** A minor collection starts. Returns whether the next one has to be a major one. */
  startMinor(process: number): boolean {
    this.adaptLimit(process);
    if (this.oldIncrease[process]! <= this.oldLimit[process]!) return false;
    const { RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR, RUBY_GC_OLDMALLOC_LIMIT_MAX } = this.params;
    const grown = Math.floor(this.oldLimit[process]! * RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR);
    this.oldLimit[process] = Math.min(grown, RUBY_GC_OLDMALLOC_LIMIT_MAX);
    this.isMajorByOld[process] = 1;
    return true;
  }

  startMajor(process: number): void {
    this.adaptLimit(process);
    this.oldIncrease[process] = 0;
    if (this.isMajorByOld[process] === 0) {
      const { RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR, RUBY_GC_OLDMALLOC_LIMIT } = this.params;
      const shrunk = Math.floor(this.oldLimit[process]! / ((RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR - 1) / 10 + 1));
      this.oldLimit[process] = Math.max(shrunk, RUBY_GC_OLDMALLOC_LIMIT);
    }
    this.isMajorByOld[process] = 0;
  }

  /** Another process takes the place of this one. */
  forget(process: number): void {
    this.increase[process] = 0;
    this.oldIncrease[process] = 0;
    this.limit[process] = this.params.RUBY_GC_MALLOC_LIMIT;
    this.oldLimit[process] = this.params.RUBY_GC_OLDMALLOC_LIMIT;
    this.isMajorByOld[process] = 0;
  }

  private adaptLimit(process: number): void {
    const { RUBY_GC_MALLOC_LIMIT, RUBY_GC_MALLOC_LIMIT_MAX, RUBY_GC_MALLOC_LIMIT_GROWTH_FACTOR } = this.params;
    const increase = this.increase[process]!;
    const limit = this.limit[process]!;
    this.limit[process] = this.isAtLimit(process)
      ? Math.min(Math.floor(Math.max(increase, limit) * RUBY_GC_MALLOC_LIMIT_GROWTH_FACTOR), RUBY_GC_MALLOC_LIMIT_MAX)
      : Math.max(Math.floor(limit * MALLOC_LIMIT_DECAY), RUBY_GC_MALLOC_LIMIT);
    this.increase[process] = 0;
  }
}

/** More than what 1 ns of Ruby code can malloc, and far less than any limit. */
const CUT_BYTES = 4_096;
