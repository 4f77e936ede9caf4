import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import type { Streams } from '../../random/streams.js';
import type { ProcessId } from '../entities/ids.js';
import type { Threads } from '../entities/thread.js';
import type { Collector } from '../gc/collector.js';
import { BOOT_FREE_RATIO } from '../gc/policies.js';
import {
  type ClassReading,
  type MemoryEvents,
  type MemoryLayers,
  type MemoryMeter,
  PAGE_BYTES,
} from '../memory-figures.js';
import type { SimulatedMemorySpec } from '../memory-spec.js';
import { MEMORY } from './coefficients.js';
import { CodePages } from './kernel-pages/code-pages.js';
import { compose, type HeapAtFork, heapAtFork, lazyShare, pagesOf } from './kernel-pages/composition.js';
import { inBytes, noPages, type PageSums, SharedPages } from './kernel-pages/shared-pages.js';
import { Limits } from './limits/limits.js';
import { layersOf, layersTogether } from './metrics/layers.js';
import { type Inheritance, WorkerMemory } from './worker-memory.js';

/** How a server comes by its worker processes. */
export interface ForkPlan {
  /** A master that serves nobody forks the workers; false: a process that has loaded the application serves requests. */
  readonly hasMaster: boolean;
  /** The application is loaded before the fork. */
  readonly preloads: boolean;
}

export interface HostMemoryParams {
  readonly spec: SimulatedMemorySpec;
  readonly plan: ForkPlan;
  /** Live objects of a process that has loaded the application, the interpreter's included. */
  readonly liveObjects: number;
  /** Page of the Ruby heap [bytes]. */
  readonly heapPageBytes: number;
  /** Memory of the container [bytes]; Infinity = no limit. */
  readonly limitBytes: number;
}

/**
 * Memory of all processes of a server in one container.
 *
 * ```
 * Ruby objects  -> pages of the Ruby heap (collector)  --\
 * their bodies  -> arenas of malloc (by thread)          --> kernel pages: private, or shared with the parent
 * loaded code, objects, bodies of the parent            --/
 * ```
 * With a master that preloads, a worker starts with all its pages and copies those that it writes. Otherwise each
 * process has loaded the application for itself.
 */
export class HostMemory implements MemoryMeter {
  readonly limits: Limits;
  readonly workers: readonly WorkerMemory[];
  private readonly shared: SharedPages | null;
  private readonly forks: number[];
  /** What workers are forked with from now on; undefined: the loaded application. */
  private inheritance: Inheritance | undefined;
  /** Pages of the parents that are still mapped, as of the last fork. */
  private originals: number;
  /** Private memory of each worker when it last ended a request [bytes]. */
  private readonly owned: Float64Array;

  /** @param streams where first executions of code are drawn: `memory/code/WORKER`, with `/FORK` from the second fork on */
  constructor(
    private readonly params: HostMemoryParams,
    private readonly kernel: Kernel,
    threads: Threads,
    private readonly collector: Collector | null,
    private readonly streams: Streams,
  ) {
    const { spec, plan, liveObjects, heapPageBytes } = params;
    const slotBytes = meanSlotBytes(collector);
    const atFork: HeapAtFork = heapAtFork(liveObjects, heapPageBytes, slotBytes);
    this.shared = null;
    if (plan.hasMaster && plan.preloads) {
      const code = new CodePages(spec.code, threads.length, lazyShare(spec, atFork, heapPageBytes));
      this.shared = new SharedPages(compose(spec, atFork, heapPageBytes, code.count), code, threads.length);
    }
    const { shared } = this;
    this.inheritance = undefined;
    this.originals = shared?.count ?? 0;
    this.forks = threads.map(() => 0);
    this.owned = new Float64Array(threads.length);
    this.workers = threads.map(
      (ofProcess, process) =>
        new WorkerMemory({ spec, process, threads: ofProcess.length, collector, heapAtFork: atFork, shared }),
    );
    for (const process of threads.keys()) {
      this.fork(process);
      this.grown(process, 0);
    }
    this.limits = new Limits(kernel, spec, params.limitBytes, this);
  }

  /** A worker is forked off, at the start or to replace another one. */
  private fork(process: ProcessId): void {
    const { shared } = this;
    this.workers[process]!.start(this.inheritance);
    this.collector?.heaps?.forked(process);
    const fork = this.forks[process]!++;
    if (shared === null) return;
    shared.forget(process);
    shared.code.fork(process, this.streams.open(`memory/code/${process}${fork === 0 ? '' : `/${fork}`}`));
    shared.atOnce.write(process, shared.atOnce.count);
    if (this.inheritance !== undefined) this.originals = shared.originals;
  }

  /**
   * A fork of a worker between two requests becomes the parent of all that are forked from now on. The worker itself
   * goes on with pages that it shares with its child.
   */
  promote(process: ProcessId): void {
    const { shared } = this;
    if (shared === null) return;
    const nowNs = this.kernel.nowNs();
    const { inheritance, own } = this.workers[process]!.bequeath(nowNs);
    shared.promote(process, own);
    this.inheritance = inheritance;
    this.fork(process);
    this.grown(process, nowNs);
  }

  /** A new worker takes the place of another one. */
  replace(process: ProcessId): void {
    this.fork(process);
    this.grown(process, this.kernel.nowNs());
    this.limits.replaced(process);
  }

  get count(): number {
    return this.workers.length;
  }

  /** Slots of a process's Ruby heap that can be handed out; an estimate where the collector keeps no heap. */
  freeSlots(process: ProcessId): number {
    const heap = this.collector?.heaps?.heapOf(process);
    return heap?.freeSlots ?? (this.params.liveObjects * BOOT_FREE_RATIO) / (1 - BOOT_FREE_RATIO);
  }

  /** Resident set size of a worker [bytes]. */
  rss(process: ProcessId, nowNs: Nanos): number {
    const { shared } = this;
    const owned = this.workers[process]!.owned(nowNs);
    const stillShared = shared === null ? 0 : (shared.countOf(process) - shared.writtenBy(process)) * PAGE_BYTES;
    return owned + stillShared + this.textOfWorker();
  }

  /** Proportional set size of a worker [bytes]. */
  pss(process: ProcessId, nowNs: Nanos): number {
    const owned = this.workers[process]!.owned(nowNs);
    const inherited = this.shared === null ? 0 : this.shared.proportional(process) * PAGE_BYTES;
    return owned + inherited + this.textOfWorker() / (this.count + this.masters());
  }

  uss(process: ProcessId, nowNs: Nanos): number {
    return this.workers[process]!.owned(nowNs);
  }

  /** What the container uses: every page once; workers as of their last request [bytes]. */
  physical(): number {
    const { plan } = this.params;
    let sum = MEMORY.textBytes;
    if (this.shared !== null) sum += this.originals * PAGE_BYTES;
    else if (plan.hasMaster) sum += MEMORY.bareMasterBytes;
    for (let process = 0; process < this.owned.length; process++) sum += this.owned[process]!;
    return sum;
  }

  /** The worker has grown, or a new one has taken its place. */
  grown(process: ProcessId, nowNs: Nanos): void {
    this.owned[process] = this.workers[process]!.owned(nowNs);
  }

  read(nowNs: Nanos): readonly ClassReading[] {
    const workers = noPages();
    const master = noPages();
    for (const worker of this.workers) addPrivate(workers, worker.owned(nowNs) / PAGE_BYTES);
    this.addText(workers, master);
    const { plan } = this.params;
    if (this.shared !== null) this.shared.addTo(workers, master);
    else if (plan.hasMaster) addPrivate(master, pagesOf(MEMORY.bareMasterBytes));
    const reading: ClassReading[] = [{ processClass: 'worker', count: this.count, figures: inBytes(workers) }];
    if (plan.hasMaster) reading.unshift({ processClass: 'master', count: 1, figures: inBytes(master) });
    return reading;
  }

  layers(nowNs: Nanos): MemoryLayers {
    const heaps = this.collector?.heaps ?? null;
    return layersTogether(
      this.workers.map(({ malloc }, process) => layersOf(heaps?.heapOf(process) ?? null, malloc, nowNs)),
    );
  }

  events(): MemoryEvents {
    return this.limits.events();
  }

  private masters(): number {
    return this.params.plan.hasMaster ? 1 : 0;
  }

  /** File-backed pages that a worker maps: all it has used, so fewer if it was forked from a loaded process. */
  private textOfWorker(): number {
    return this.shared === null ? MEMORY.textBytes : MEMORY.forkedTextBytes;
  }

  /** Pages of files are never written: shared by all that map them, the rest private to who has loaded the application. */
  private addText(workers: PageSums, master: PageSums): void {
    const all = pagesOf(MEMORY.textBytes);
    const common = pagesOf(MEMORY.forkedTextBytes);
    const isPreloaded = this.shared !== null;
    const mappers = this.count + this.masters();
    addClean(workers, common, mappers, this.count);
    if (this.masters() === 1) addClean(master, common, mappers, 1);
    if (isPreloaded) addClean(master, all - common, 1, 1);
    else addClean(workers, all - common, this.count, this.count);
  }
}

/** Of the objects of a process that has just loaded the application; undefined where no collector keeps a heap. */
function meanSlotBytes(collector: Collector | null): number | undefined {
  const heap = collector?.heaps?.heapOf(0);
  return heap === undefined ? undefined : heap.usedBytes / heap.usedSlots;
}

function addPrivate(sums: PageSums, pages: number): void {
  sums.privateDirty += pages;
  sums.pss += pages;
}

/** Clean pages that `mappers` processes map, `of` of them in this class. */
function addClean(sums: PageSums, pages: number, mappers: number, of: number): void {
  sums.pss += (pages * of) / mappers;
  if (mappers > 1) sums.sharedClean += pages * of;
  else sums.privateClean += pages * of;
}
