import type { Nanos } from '../../../kernel/time.js';
import { ageHeld } from '../../gc/held-objects.js';
import type { Retained } from '../../gc/ruby-heap.js';
import { OLD_AGE, SWEEP_SLICE_SLOTS } from '../../gc/ruby-parameters.js';
import type { ArenaId, MallocHeap } from './allocator.js';

/** Size of the blocks that `processing` memory comes in; small enough to come from arenas [bytes]. */
const PROCESSING_BLOCK_BYTES = 4096;

/** Bytes of a thread's current request by the number of collections they have survived. */
type Held = Float64Array;

/** What outlives a request. */
export interface Outliving extends Retained {
  /** malloc'ed bytes that nothing replaces, besides `bytes`, which are of the cache; `objects` of the heap go with those. */
  readonly leakedBytes: number;
}

/** One request's share of what requests keep beyond their end: every block belongs to an object. */
interface Kept extends Retained {
  readonly arena: ArenaId;
  readonly blockBytes: number;
  /** Collections of the process when it was made. */
  readonly madeAt: number;
}

/**
 * The malloc'ed memory of the requests of one process: when each byte becomes garbage, and when it is freed.
 *
 * ```
 * allocated --> held by the request --(it ends)--> garbage --(a collection finds it)--> swept bit by bit --> freed
 *          \--> garbage at once
 *          \--> kept beyond the end, e.g. in a cache, until newer replaces it --> garbage
 *          \--> leaked: kept for ever
 * ```
 * What has survived three collections is found only by a major one. Sweeping keeps pace with allocation, some 2 000 free
 * slots at a time, among which the dead objects are spread; what is left at the next collection is freed at once.
 * Without a collector (reference counts, `gc: off`) a request's memory is freed when it ends.
 */
export class RequestBytes {
  private readonly held: Held[];
  /** By thread: collections that the container of what its request holds has survived. */
  private readonly heldAge: Uint8Array;
  private readonly arenaOf: ArenaId[];
  /** By arena: garbage that the next collection finds, that the next major one finds, and that is being swept. */
  private readonly young: number[];
  private readonly old: number[];
  private readonly swept: number[];
  private readonly kept: Kept[];
  private keptFrom: number;
  private keptBytes: number;
  private collections: number;
  /** Free slots that are still to be swept, and how many can be handed out before the next slice of them is. */
  private unsweptSlots: number;
  private ahead: number;
  private blockBytes: number;

  /**
   * @param threads threads of the process
   * @param cacheBytes how much requests keep together at most; Infinity = all of it for ever
   * @param dropped called for what is replaced in the cache
   * @param promotesChildrenOfOld what is in an old container becomes old at the first collection it survives
   */
  constructor(
    private readonly heap: MallocHeap,
    threads: number,
    private readonly hasCollector: boolean,
    private readonly cacheBytes: number,
    private readonly dropped: (kept: Retained, isOld: boolean) => void,
    private readonly promotesChildrenOfOld: boolean,
  ) {
    this.held = Array.from({ length: threads }, () => new Float64Array(OLD_AGE + 1));
    this.heldAge = new Uint8Array(threads);
    this.arenaOf = new Array<number>(threads).fill(-1);
    this.young = [];
    this.old = [];
    this.swept = [];
    this.kept = [];
    this.keptFrom = 0;
    this.keptBytes = 0;
    this.collections = 0;
    this.unsweptSlots = 0;
    this.ahead = 0;
    this.blockBytes = 256;
  }

  /** The main thread uses the main arena. */
  useMainArena(thread: number): void {
    this.arenaOf[thread] = 0;
  }

  /**
   * @param heldRatio share of the bytes that lives until the request ends
   * @param objects objects allocated with them, which sweeping keeps pace with
   */
  allocate(thread: number, bytes: number, heldRatio: number, blockBytes: number, objects: number, nowNs: Nanos): void {
    if (objects > 0) this.sweep(objects, nowNs);
    if (bytes === 0) return;
    this.blockBytes = blockBytes;
    const arena = this.arena(thread);
    this.heap.allocate(arena, bytes, blockBytes);
    const held = this.hasCollector ? bytes * heldRatio : bytes;
    this.held[thread]![0]! += held;
    this.young[arena]! += bytes - held;
  }

  /** The request of the thread is over. @param keeps what of it is not garbage now */
  requestEnded(thread: number, keeps: Outliving, blockBytes: number, nowNs: Nanos): void {
    const held = this.held[thread]!;
    let bytes = 0;
    for (let age = 0; age <= OLD_AGE; age++) bytes += held[age]!;
    if (bytes > 0) {
      const arena = this.arena(thread);
      // What is kept was never freed: its blocks stay between those that are.
      const freed = Math.max(0, bytes - keeps.bytes - keeps.leakedBytes);
      if (!this.hasCollector) this.heap.free(arena, freed, this.blockBytes, nowNs);
      else {
        this.old[arena]! += held[OLD_AGE]!;
        this.young[arena]! += bytes - held[OLD_AGE]!;
      }
      held.fill(0);
      this.heldAge[thread] = 0;
    }
    if (keeps.leakedBytes > 0) this.isNoGarbage(this.arena(thread), keeps.leakedBytes);
    if (keeps.bytes > 0) this.keep(thread, keeps.bytes, keeps.objects, blockBytes, nowNs);
  }

  /** Memory that a thread has until it gives it back, whoever collects. @returns where it is from */
  hold(thread: number, bytes: number, blockBytes = PROCESSING_BLOCK_BYTES): ArenaId {
    const arena = this.arena(thread);
    this.heap.allocate(arena, bytes, blockBytes);
    return arena;
  }

  release(thread: number, bytes: number, nowNs: Nanos, blockBytes = PROCESSING_BLOCK_BYTES): void {
    this.heap.free(this.arena(thread), bytes, blockBytes, nowNs);
  }

  /**
   * A collection has found out what is garbage.
   *
   * @param freeSlots slots that its sweep will free or has found free, and that allocations are served from
   */
  collected(isMajor: boolean, freeSlots: number, nowNs: Nanos): void {
    this.collections++;
    this.unsweptSlots = freeSlots;
    this.ahead = 0;
    for (let arena = 0; arena < this.young.length; arena++) {
      if (this.swept[arena]! > 0) this.heap.free(arena, this.swept[arena]!, this.blockBytes, nowNs);
      this.swept[arena] = this.young[arena]! + (isMajor ? this.old[arena]! : 0);
      this.young[arena] = 0;
      if (isMajor) this.old[arena] = 0;
    }
    for (let thread = 0; thread < this.held.length; thread++) {
      if (ageHeld(this.held[thread]!, 0, this.heldAge[thread]!, this.promotesChildrenOfOld)) this.heldAge[thread]!++;
    }
    this.sweep(0, nowNs);
  }

  /** All that the last collection found has been swept. */
  sweptUp(nowNs: Nanos): void {
    this.unsweptSlots = 0;
    this.freeSwept(1, nowNs);
  }

  /** Slices are swept until as many slots are free as are wanted, one at least after a collection. */
  private sweep(objects: number, nowNs: Nanos): void {
    this.ahead -= objects;
    while (this.ahead <= 0 && this.unsweptSlots > 0) {
      const slice = Math.min(SWEEP_SLICE_SLOTS, this.unsweptSlots);
      this.freeSwept(slice / this.unsweptSlots, nowNs);
      this.unsweptSlots -= slice;
      this.ahead += slice;
    }
    if (this.unsweptSlots === 0) this.freeSwept(1, nowNs);
  }

  private freeSwept(share: number, nowNs: Nanos): void {
    for (let arena = 0; arena < this.swept.length; arena++) {
      const bytes = this.swept[arena]! * share;
      if (bytes === 0) continue;
      this.swept[arena]! -= bytes;
      this.heap.free(arena, bytes, this.blockBytes, nowNs);
    }
  }

  private keep(thread: number, bytes: number, objects: number, blockBytes: number, nowNs: Nanos): void {
    const arena = this.arena(thread);
    this.isNoGarbage(arena, bytes);
    this.kept.push({ arena, bytes, blockBytes, objects, madeAt: this.collections });
    this.keptBytes += bytes;
    while (this.keptBytes > this.cacheBytes) this.drop(nowNs);
    if (this.keptFrom > 1024 && this.keptFrom * 2 > this.kept.length) {
      this.kept.splice(0, this.keptFrom);
      this.keptFrom = 0;
    }
  }

  private isNoGarbage(arena: ArenaId, bytes: number): void {
    if (this.hasCollector) this.young[arena] = Math.max(0, this.young[arena]! - bytes);
  }

  /** The oldest is replaced. */
  private drop(nowNs: Nanos): void {
    const kept = this.kept[this.keptFrom++]!;
    const { arena, bytes, blockBytes, madeAt } = kept;
    this.keptBytes -= bytes;
    if (!this.hasCollector) {
      this.heap.free(arena, bytes, blockBytes, nowNs);
      return;
    }
    const isOld = this.collections - madeAt >= OLD_AGE;
    if (isOld) this.old[arena]! += bytes;
    else this.young[arena]! += bytes;
    this.dropped(kept, isOld);
  }

  private arena(thread: number): ArenaId {
    let arena = this.arenaOf[thread]!;
    if (arena === -1) {
      arena = this.heap.attach();
      this.arenaOf[thread] = arena;
    }
    while (this.young.length <= arena) {
      this.young.push(0);
      this.old.push(0);
      this.swept.push(0);
    }
    return arena;
  }
}
