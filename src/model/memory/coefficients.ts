/**
 * Sizes that the memory model is made with. Measured on Ruby 3.1.2, glibc 2.36, Linux 6.18 with 4 KiB pages, unless
 * said otherwise; the same for all scenarios. How closely they fit is in docs/validation/memory.md.
 */
const KIB = 1024;
const MIB = 1024 * KIB;

export const MEMORY = {
  /** File-backed pages of the interpreter and its libraries in a process that has loaded an application (measured 11.0 to 11.4 MiB) [bytes]. */
  textBytes: 11_200 * KIB,
  /** The same in a forked worker, which maps them as it needs them (measured 4.3 to 5.5 MiB) [bytes]. */
  forkedTextBytes: 5_000 * KIB,
  /** Private memory of a server's master that has not loaded the application (measured 7.5 MiB) [bytes]. */
  bareMasterBytes: 7_600 * KIB,
  /** Stack, globals and malloc's own data that a fork writes at once: parent and child each (measured 1.6 MiB Unicorn, 3.3 MiB Puma) [bytes]. */
  forkedAtOnceBytes: 1_600 * KIB,
  /** Code and data of server and framework that the first request of any kind writes (measured 2.4 to 2.9 MiB) [bytes]. */
  firstRequestBytes: 2_500 * KIB,
  /** Kernel pages of bytecode and inline caches a method, malloc'ed (measured 0.79) [pages]. */
  pagesPerMethod: 0.79,
  /** The same in the Ruby heap, unless their pages are written for another reason (measured 0.20) [pages]. */
  heapPagesPerMethod: 0.2,
  /** Methods whose inline caches lie in the same kernel page (measured: 10 % of the methods write 18 % of the pages) [methods]. */
  methodsPerPage: 1.88,
  /** How the popularity of methods falls with their rank r: proportional to r^-this (measured by the decay of shared pages) [1]. */
  methodPopularityExponent: 0.5,
  /** Kernel pages that the first collection writes for each page of the Ruby heap: its descriptor and mark bits, malloc'ed apart (measured 1.1 to 1.3) [pages]. */
  bookkeepingPagesPerHeapPage: 1.2,
  /** Free slots and garbage of a heap that has just loaded an application, as a share of its live slots (measured 0.111 to 0.134 of 1.2 million, 0.166 of 2.3 million; the mean) [ratio]. */
  freeSlotRatio: 0.128,
  /** Share of the heap's kernel pages in which those slots lie, unless it was compacted (measured 0.70) [ratio]. */
  freeSlotPageRatio: 0.7,
  /** How the share of those pages that is written grows with the share u of the slots handed out: u^this (measured 23 % of the pages after 44 % of the slots, 28 % after 53 %, to which it is fitted; known to be wrong near the end: 98 % after 99 %, where 89 % were measured) [1]. */
  freeSlotsCurvature: 1.9,
  /** A slot of the Ruby heap, the smallest size [bytes]. */
  slotBytes: 40,
  /** Calls after which a just-in-time compiler translates a method (YJIT's default) [calls]. */
  jitCallThreshold: 30,
  /** Stacks of a thread that serves requests, and what else the kernel and the interpreter keep for it (resident size after malloc_trim with 1, 5, 16 and 25 threads on one arena: 350 to 418 KiB a thread, 386 by least squares, of which malloc's cache of the thread is 235) [bytes]. */
  threadBytes: 150 * KIB,
  /** glibc: holes between blocks at the peak of an arena (malloc_info after every request: 2.4 to 3.4 % more than the most in use, mean block 8 KiB) [ratio]. */
  glibcHoles: 0.03,
  /** glibc: what a block takes besides what was asked for, on average: a header of 8 bytes, rounded up to 16 (malloc/malloc.c 2.36: request2size) [bytes]. */
  glibcBlockExtraBytes: 15.5,
  /** glibc: freed blocks that the cache of a thread holds back when it is full, 7 of each of 64 sizes from 32 to 1 040 B (malloc/malloc.c 2.36: TCACHE_FILL_COUNT, TCACHE_MAX_BINS) [bytes]. */
  glibcThreadCacheBytes: 240_128,
  /** glibc: pages that a live block keeps from `malloc_trim`, half a page at each end on average, as measured 1.7 to 2.8 KiB [bytes]. */
  trimPinnedBytes: 2_048,
  /** glibc: share of the calls for small blocks that the cache of a thread cannot serve (its rules applied to a thousand blocks replaced at random; test/measured/memory/programs/malloc_call.c) [ratio]. */
  glibcCacheMissRatio: 0.1,
  /** glibc: how long malloc or free of a small block keeps the lock of the arena (measured with the caches of the threads off: 23 ns a call, 8 of them for the lock; test/measured/memory/programs/malloc_call.c) [ns]. */
  glibcSmallHoldNs: 15,
  /** glibc: the same of a block of 1 to 64 KiB, which is searched for in bins, split and merged (measured 118 ns a call, 8 of them for the lock; the same program) [ns]. */
  glibcLargeHoldNs: 110,
  /** Linux: the system call that wakes who waits for a lock, when nobody sleeps (measured 253 to 261 ns on an idle machine; test/measured/memory/programs/futex_wake.c) [ns]. */
  futexWakeNs: 253,
  /** jemalloc 5.3: size classes and partly filled slabs (fits the peaks measured on sizes from 24 B to 64 KiB, with freed pages that have not decayed) [ratio]. */
  jemallocOverhead: 0.27,
  /** jemalloc 5.3: blocks that the cache of a thread holds back (fits 1, 5 and 16 threads) [bytes]. */
  jemallocThreadCacheBytes: 2 * MIB,
} as const;
