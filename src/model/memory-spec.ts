/** Memory of the simulated processes, as validated data in bytes. */

/** Where the memory of a process comes from and what is reported; `off` costs nothing. */
export type MemorySpec = { readonly kind: 'off' } | TextbookMemorySpec | SimulatedMemorySpec;

/**
 * The sum that people do by hand, processes x (static + threads x processing), with a fixed rule for what forked
 * processes share. Nothing happens over time.
 */
export interface TextbookMemorySpec {
  readonly kind: 'textbook';
  /** A process after boot [bytes]. */
  readonly staticBytes: number;
  /** What one thread needs to serve requests [bytes]. */
  readonly processingBytes: number;
  /** Share of the static memory that stays shared after a fork, 0 to 1; `none`: nothing is, and nobody is forked. */
  readonly copyOnWrite: 'none' | 'perfect' | { readonly shared: number };
}

/** Heap pages, arenas and 4 KiB pages that processes share until they are written. */
export interface SimulatedMemorySpec {
  readonly kind: 'simulated';
  /** Resident memory of a process that has loaded the application, its file-backed pages included [bytes]. */
  readonly staticBytes: number;
  /** What each request holds from its start to its end, besides what its class allocates [bytes]. */
  readonly processingBytes: number;
  readonly allocator: AllocatorSpec;
  /** How malloc'ed memory that requests keep after their end may grow: older is dropped above it; Infinity = a leak [bytes]. */
  readonly cacheBytes: number;
  /** What the requests of each class do with what they malloc; in the order of `AppSpec.classes`. */
  readonly classes: readonly ClassMemorySpec[];
  /** The application's code, whose inline caches are written on first execution. */
  readonly code: CodeSpec;
  /** Memoised data: what the first request of a process writes into shared memory [bytes]. */
  readonly lazyBytes: number;
  /** malloc'ed contents of an object that a request allocates, on average: those that fit into no slot [bytes]. */
  readonly bodyBytesPerObject: number;
  /** Machine code that a just-in-time compiler adds to each process while it warms up [bytes]. */
  readonly jitBytes: number;
  /** What is done to the heap before workers are forked. */
  readonly beforeFork: BeforeFork;
  /** Where the last sweep of the boot is at the fork, if nothing was done to the heap: at the pages of the loaded application, or past them. */
  readonly bootSweep: BootSweep;
  /** Null: nobody watches the size of workers. */
  readonly workerKiller: WorkerKillerSpec | null;
  /** A worker is replaced after so many requests; Infinity = never. */
  readonly maxRequests: number;
}

export interface ClassMemorySpec {
  /**
   * Share of what a request mallocs that lives until it ends at least, 0 to 1, contents of `keptObjects` included; the rest is garbage at
   * once, but for the contents of what phases keep.
   */
  readonly heldRatio: number;
  /** The same without those contents: blocks whose objects, one each, live besides `keptObjects`. */
  readonly heldBlocksRatio: number;
  /** Size of those blocks, on average [bytes]. */
  readonly heldBlockBytes: number;
  /** Objects that outlive the request, for ever: scattered evenly among those it allocates. */
  readonly keptObjects: number;
  /** malloc'ed contents of those [bytes]. */
  readonly keptObjectBytes: number;
  /** What outlives the request besides, in a cache for instance, in blocks of `heldBlockBytes` [bytes]. */
  readonly keptBytes: number;
  /** Size of all malloc'ed blocks, contents of objects included, on average [bytes]. */
  readonly blockBytes: number;
  /** Null: native code outside the GVL mallocs nothing. */
  readonly native: NativeMallocSpec | null;
}

/** What native code of a request mallocs and frees again without the GVL. */
export interface NativeMallocSpec {
  /** Pairs of malloc and free for each ns that it works when alone, above 0. */
  readonly pairsPerNs: number;
  /** Size of the blocks [bytes]. */
  readonly blockBytes: number;
  /** What it has at a time, from the begin of a native phase to its end [bytes]. */
  readonly heldBytes: number;
}

export type BeforeFork = 'none' | 'gc' | 'compact';
export type BootSweep = 'early' | 'late';

export interface CodeSpec {
  /** Methods of the application. */
  readonly methods: number;
  /** Distinct methods that a request executes on average. */
  readonly methodsPerRequest: number;
}

export interface WorkerKillerSpec {
  /** What is compared with the limit. */
  readonly measure: 'rss' | 'pss' | 'uss';
  readonly limitBytes: number;
  /** Time between two looks [ns]. */
  readonly everyNs: number;
}

export type AllocatorSpec =
  | {
      readonly kind: 'glibc';
      /** MALLOC_ARENA_MAX; null = 8 x the CPUs of the machine. */
      readonly arenaMax: number | null;
      /** CPUs that the allocator counts: those of the machine, not of the container's quota. */
      readonly cpus: number;
      /** `malloc_trim` after so many requests of a process; Infinity = never. */
      readonly trimEveryRequests: number;
    }
  | {
      readonly kind: 'jemalloc';
      /** Null = 4 x the CPUs of the machine. */
      readonly narenas: number | null;
      readonly cpus: number;
      /** `dirty_decay_ms`: how long freed pages stay resident [ns]. */
      readonly decayNs: number;
    };
