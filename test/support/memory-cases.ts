/**
 * The measured memory cases as scenarios of the simulator, and what a run of them gives. The same coefficients and the
 * same rules for all cases.
 */

import { type Bench, compile } from '../../src/model/bench.js';
import { BOOT_FREE_RATIO, INTERPRETER_OBJECTS } from '../../src/model/gc/policies.js';
import { type ClassReading, type ProcessFigures, rssOf } from '../../src/model/memory-figures.js';
import type { Observer } from '../../src/model/observations.js';
import { createStreams } from '../../src/random/streams.js';
import { loadScenario } from '../../src/scenario/index.js';

const KIB = 1024;

/** One row of cow_cases.csv. */
export interface CowCase {
  readonly name: string;
  readonly server: 'puma' | 'unicorn';
  readonly workers: number;
  readonly threads: number;
  readonly preload: boolean;
  /** none, gc4, gc4compact or nakayoshi. */
  readonly beforeFork: string;
  readonly methods: number;
  readonly requestMib: number;
  /** Heap with frozen constants whose objects are written when they are first referenced, after the fork. */
  readonly lazyMib: number;
  /** At boot: resident memory of the process that loaded the application, and its live objects. */
  readonly bootRssKib: number;
  readonly liveObjects: number;
  /** Pages of a worker's Ruby heap at the fork, when its first collection came, and at the end. */
  readonly bootPages: number;
  readonly firstCollectionPages: number;
  readonly heapPages: number;
  /** Of the first three requests one worker has served so many. */
  readonly mostOfFirstThree: number;
  /** Where the last sweep of the boot was at the fork: early or late. */
  readonly bootSweep: string;
  /** The load paused after so many requests, and memory was read. */
  readonly pauses: readonly number[];
}

/** Memory of a whole container [KiB] when its workers have served `requests` together. */
export interface MemoryPoint {
  readonly requests: number;
  readonly pssKib: number;
  readonly privateDirtyKib: number;
}

/** Of the temporaries of a request the app makes so many objects a MiB (measured: 41 700 for requests of 3 MiB). */
const OBJECTS_PER_MIB = 13_900;
/**
 * Ruby counts what malloc makes of a request, without its header (`malloc_usable_size`, ruby/ruby gc.c 3.1.2
 * `objspace_malloc_size`): 52.4 to 53.0 B an object. The brk heap grew by 54.2 to 54.6 B an object meanwhile, so that
 * 1.75 B are headers of 8 B: 0.22 blocks of 240 B an object. They were asked for 7.5 B less, on average.
 */
const BLOCKS_PER_OBJECT = 0.22;
const BYTES_PER_OBJECT = 52.7 - 7.5 * BLOCKS_PER_OBJECT;
/** Methods that a request of the app calls (fits the decay of the shared code pages). */
const METHODS_PER_REQUEST = 50;
/** Requests in all until which the pauses matter: later, those under way are few of those served. */
const PAUSED_UNTIL = 30;

/** Of a page of 16 KiB: 408 or 409. */
const SLOTS_PER_PAGE = 409;
const LEAST_SLOTS_PER_PAGE = 408;

/** A heap that has so few pages more than at the fork had not grown. */
const GROWN = 1.01;

/**
 * How far the heap had grown at boot, and may still grow without a collection, is not simulated. Where it had grown when the first
 * collection came, it has room for what it had room for at the end. Where it had not, it has the slots that it had at the
 * fork, and that collection lets it grow to what it had at the end.
 */
function heapOf(c: CowCase): { readonly bootFreeRatio: number; readonly env: string } {
  if (c.firstCollectionPages > GROWN * c.bootPages)
    return { bootFreeRatio: BOOT_FREE_RATIO, env: `RUBY_GC_HEAP_INIT_SLOTS: ${c.heapPages * SLOTS_PER_PAGE}` };
  return {
    bootFreeRatio: 1 - c.liveObjects / (c.bootPages * SLOTS_PER_PAGE),
    env: `RUBY_GC_HEAP_GROWTH_MAX_SLOTS: ${(c.heapPages - c.bootPages) * SLOTS_PER_PAGE}`,
  };
}

export function cowScenario(c: CowCase, load: string): string {
  const heap = heapOf(c);
  const objects = Math.round(OBJECTS_PER_MIB * c.requestMib);
  const server =
    c.server === 'unicorn'
      ? `{unicorn: {worker_processes: ${c.workers}, preload_app: ${c.preload}}}`
      : `{puma: {version: "5.6", workers: ${c.workers}, threads: ${c.threads}, preload_app: ${c.preload}}}`;
  const warmup = c.beforeFork === 'none' ? 'none' : c.beforeFork === 'gc4' ? 'GC.start' : 'GC.compact';
  return `version: 1
name: cow
host: {cores: 2}
ruby: {version: "3.1", warmup: ${warmup}, env: {${heap.env}}}
server: ${server}
app:
  resident_objects: ${Math.max(0, c.liveObjects - INTERPRETER_OBJECTS)}
  boot_free_slots: ${heap.bootFreeRatio}
  classes:
    - {name: r, cpu: ${Math.max(1, Math.round(6 * c.requestMib))}ms, allocations: ${objects}, malloc: ${Math.round(objects * BYTES_PER_OBJECT)}B, malloc_block: ${Math.round(BYTES_PER_OBJECT / BLOCKS_PER_OBJECT)}B}
  memory:
    static: ${c.bootRssKib}KiB
    code: {methods: ${c.methods}, per_request: ${METHODS_PER_REQUEST}}
    lazy: ${c.lazyMib}MiB
    boot_sweep: ${c.bootSweep}
${load}
`;
}

/**
 * All requests until the next pause come at once, so that no thread waits for one; the first three one after the other where
 * one worker has served them all.
 */
function arrivalsMs(c: CowCase): { readonly arrivals: number[]; readonly pausesMs: number[] } {
  const longestMs = 1_000 + 20 * c.requestMib;
  const arrivals: number[] = [];
  const pausesMs: number[] = [];
  let atMs = 0;
  for (const pause of c.pauses) {
    const requests = pause - arrivals.length;
    const apartMs = pause <= 3 && c.mostOfFirstThree === 3 ? longestMs : 0;
    for (let k = 0; k < requests; k++) arrivals.push(atMs + k * apartMs);
    atMs += requests * longestMs;
    pausesMs.push(atMs - 1);
  }
  return { arrivals, pausesMs };
}

/** Memory of a case at its pauses; beyond the first ones, in the middle of a load without any. */
export function curveOf(c: CowCase): MemoryPoint[] {
  const early = c.pauses.filter((requests) => requests <= PAUSED_UNTIL);
  const late = c.pauses.filter((requests) => requests > PAUSED_UNTIL);
  return [...memoryAtPauses({ ...c, pauses: early }), ...memoryAt(c, late)];
}

function memoryAtPauses(c: CowCase): MemoryPoint[] {
  const { arrivals, pausesMs } = arrivalsMs(c);
  const file = `arrival_ms\n${arrivals.join('\n')}\n`;
  const text = cowScenario(c, 'load: {recorded: {file: arrivals.csv}}\nrun: {replications: 1, warmup: 0}');
  const { kernel, memory } = benchOf(text, { departed: () => {} }, file);
  return c.pauses.map((requests, k) => {
    const nowNs = pausesMs[k]! * 1e6;
    kernel.runUntil(nowNs);
    return point(requests, memory!.read(nowNs));
  });
}

/** Every thread of every worker always has a request. */
function memoryAt(c: CowCase, points: readonly number[]): MemoryPoint[] {
  const wanted = new Set(points);
  const found: MemoryPoint[] = [];
  const load = `load: {closed: {users: ${c.workers * c.threads}, think: 1ms}}`;
  const run = `run: {requests: ${points.at(-1)!}, replications: 1, warmup: 0}`;
  drive(cowScenario(c, `${load}\n${run}`), (requests, classes) => {
    if (wanted.has(requests)) found.push(point(requests, classes));
  });
  return found;
}

/** Runs a scenario and shows its memory before the first request and after each. */
function drive(
  text: string,
  visit: (requests: number, classes: readonly ClassReading[]) => void,
  liveObjects: number | null = null,
): void {
  let left = 0;
  const bench: Bench = benchOf(
    text,
    { departed: (_, nowNs) => visit(++left, bench.memory!.read(nowNs)) },
    '',
    liveObjects,
  );
  visit(0, bench.memory!.read(0));
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
}

/** @param liveObjects at boot, where they are fewer than a server's with an empty application; null: as the scenario says */
function benchOf(text: string, observer: Observer, recorded = '', liveObjects: number | null = null): Bench {
  const { experiment, problems } = loadScenario({ file: 'case.yml', text }, { readText: () => recorded });
  if (experiment === null) throw new Error(JSON.stringify(problems, null, 1));
  const { system: configured } = experiment.configurations[0]!;
  const { run } = experiment;
  const system =
    liveObjects === null
      ? configured
      : { ...configured, app: { ...configured.app, residentObjects: liveObjects - INTERPRETER_OBJECTS } };
  return compile(system, { requests: run.requests, durationNs: run.durationNs }, createStreams(run.seed, 0), observer);
}

function point(requests: number, classes: readonly ClassReading[]): MemoryPoint {
  const sum = (of: (figures: ProcessFigures) => number): number =>
    classes.reduce((total, { figures }) => total + of(figures), 0) / KIB;
  return { requests, pssKib: sum(({ pss }) => pss), privateDirtyKib: sum(({ privateDirty }) => privateDirty) };
}

/** One row of arena_summary.csv. */
export interface ArenaCase {
  readonly name: string;
  readonly threads: number;
  /** MALLOC_ARENA_MAX, `default` or `jemalloc`. */
  readonly config: string;
  readonly requests: number;
  /** 3 % of the requests make 3 000 strings and hold them all; the others, and all of the other cases, make 300. */
  readonly isBurst: boolean;
  /** Whether a request waits before it makes strings, or after, while it holds them. */
  readonly waits: 'first' | 'last';
  readonly seed: number;
  /** Pages of the Ruby heap at the end. */
  readonly heapPages: number;
}

/**
 * Strings of 24 B to 64 KiB, log-uniform: mean 8.28 kB. It agrees with the arenas of the burst cases (3 000 strings and
 * what lived before in 32 MB) and with the ring of 6 000 strings that stays (49.1 MiB).
 */
const STRING_BYTES = 8_281;
/** Strings of a request that go into the ring (measured: 38.5 MiB are in it after 800 requests). */
const KEPT_STRINGS = 6;
const RING_STRINGS = 6_000;
/** CPU time of a request (measured 0.7 ms with 300 strings, collections excluded), that of its I/O call (`io_call`) included: it allocates in all of it. */
const CPU_US_PER_STRING = 2.3;
/** For how long a request waits: with one thread it takes 4.0 ms, with 0.9 ms of CPU time. */
const WAIT = '{io: 3ms}';
/** The process before the first request (measured 18.2 MiB). */
const BARE_KIB = 18_600;

/**
 * Objects of a request: each string is made from a literal that is not frozen, so from another string, and some to read the
 * clock and the size of the process (612 by `GC.stat` in the same loop).
 */
const objectsFor = (strings: number): number => 2 * strings + 12;
/**
 * Live objects of the bare process (16 700 to 17 100 by `GC.stat` in one that has loaded RubyGems). In `arena_t1` the
 * strings in the arenas when the heap has its fewest free slots, 20 % of them, leave room for 17 800.
 */
const BARE_OBJECTS = 17_800;

/**
 * The collector is left to its own rules. The heap has as many pages as the measured one had at the end, and gets no more:
 * whether a heap grows is decided all at once, so it is taken from the measurement.
 */
export function arenaScenario(c: ArenaCase): string {
  const { threads, config, requests, isBurst, waits, seed, heapPages } = c;
  const malloc =
    config === 'jemalloc'
      ? '{jemalloc: {cpus: 2}}'
      : `{glibc: {cpus: 2${config === 'default' ? '' : `, arena_max: ${config}`}}}`;
  const kept = KEPT_STRINGS * STRING_BYTES;
  const phases = (strings: number): string => {
    const work = `{cpu: ${strings * CPU_US_PER_STRING}us}`;
    return waits === 'first' ? `${WAIT}, ${work}` : `${work}, ${WAIT}`;
  };
  const request = (name: string, weight: number, strings: number, held: number) =>
    `    - {name: ${name}, weight: ${weight}, phases: [${phases(strings)}], allocations: ${objectsFor(strings)}, malloc: ${strings * STRING_BYTES}B, malloc_held: ${held}B, malloc_kept: ${kept}B, malloc_block: ${STRING_BYTES}B}`;
  const classes = isBurst
    ? [request('plain', 97, 300, 0), request('burst', 3, 3_000, 3_000 * STRING_BYTES)]
    : [request('plain', 1, 300, 0)];
  return `version: 1
name: arenas
host: {cores: 2, io_call: 0us}
ruby: {version: "3.1", malloc: ${malloc}, env: {RUBY_GC_HEAP_INIT_SLOTS: ${heapPages * LEAST_SLOTS_PER_PAGE}, RUBY_GC_HEAP_GROWTH_MAX_SLOTS: 1}}
server: {ideal: {processes: 1, threads: ${threads}}}
app:
  resident_objects: 0
  classes:
${classes.join('\n')}
  memory: {static: ${BARE_KIB}KiB, cache: ${RING_STRINGS * STRING_BYTES}B, code: {methods: 0, per_request: 0}}
load: {closed: {users: ${threads}, think: 0ms}}
run: {requests: ${requests}, replications: 1, warmup: 0, seed: ${seed}}
`;
}

/** One row of thread_memory.csv. */
export interface ThreadCase {
  readonly threads: number;
  /** MALLOC_ARENA_MAX or `default`. */
  readonly arenaMax: string;
  readonly heldMib: number;
  readonly requests: number;
  /** Of the process before the first request. */
  readonly baseRssKib: number;
  /** Pages of the Ruby heap at the end. */
  readonly heapPages: number;
}

/** A request builds up what it holds in so many steps, and sleeps after each (measured: the most live bytes are always a multiple of an eighth). */
const STEPS = 8;
/**
 * Each of its strings is made from another one. How long they are was not written down: from 64 B to 8 KiB, log-uniformly, real processes have
 * the measured collections and pages (10 threads with 10 MiB on two arenas: 90 minor, 10 major, 308 to 347 pages, 189 MiB at most;
 * measured 86, 14, 322, 182; with twice as many strings as long a heap of 1.3 times the pages).
 */
const HELD_STRING_BYTES = 1_675;
const CPU_NS_PER_HELD_STRING = 600;

export function threadScenario({ threads, arenaMax, heldMib, requests, baseRssKib, heapPages }: ThreadCase): string {
  const strings = Math.round((heldMib * 1024 * 1024) / HELD_STRING_BYTES);
  const glibc = `{glibc: {cpus: 2${arenaMax === 'default' ? '' : `, arena_max: ${arenaMax}`}}}`;
  const step = `{cpu: ${Math.round((strings * CPU_NS_PER_HELD_STRING) / STEPS)}ns}, {io: 1ms}`;
  const phases = Array.from({ length: STEPS }, () => step).join(', ');
  const heap = `, env: {RUBY_GC_HEAP_INIT_SLOTS: ${heapPages * LEAST_SLOTS_PER_PAGE}, RUBY_GC_HEAP_GROWTH_MAX_SLOTS: 1}`;
  const held = strings * HELD_STRING_BYTES;
  return `version: 1
name: threads
host: {cores: 2, io_call: 0us}
ruby: {version: "3.1", malloc: ${glibc}${heap}}
server: {ideal: {processes: 1, threads: ${threads}}}
app:
  resident_objects: 0
  classes:
    - {name: r, phases: [${phases}], allocations: ${2 * strings + 12}, malloc: ${held}B, malloc_held: ${held}B, malloc_block: ${HELD_STRING_BYTES}B}
  memory: {static: ${baseRssKib}KiB, code: {methods: 0, per_request: 0}}
load: {closed: {users: ${threads}, think: 0ms}}
run: {requests: ${requests}, replications: 1, warmup: 0}
`;
}

/** Largest resident size of the container at the ends of requests [KiB]. */
export function peakRss(text: string): number {
  let peak = 0;
  drive(
    text,
    (_, classes) => {
      const rss = classes.reduce((sum, { figures }) => sum + rssOf(figures), 0) / KIB;
      if (rss > peak) peak = rss;
    },
    BARE_OBJECTS,
  );
  return peak;
}
