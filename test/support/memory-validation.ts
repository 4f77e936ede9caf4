/** How far the simulated memory is from the measured one, case by case. */
import { measured, type Row } from './gc/measured-tables.js';
import {
  type ArenaCase,
  arenaScenario,
  type CowCase,
  curveOf,
  peakRss,
  type ThreadCase,
  threadScenario,
} from './memory-cases.js';

/** Requests after which a case is not followed any further: the curves are flat by then. */
const MOST_REQUESTS = 2_000;
/** Requests of a worker from which on a curve counts as settled. */
const SETTLED_REQUESTS = 500;

/** Objects of the frozen constants, of all data of the application (measured 45.3 of 150 MiB, 98 of 300). */
const LAZY_SHARE = 0.302;

export interface CurvePoint {
  readonly requests: number;
  readonly measuredPssKib: number;
  readonly simulatedPssKib: number;
  /** Simulated over measured, less 1. */
  readonly pssError: number;
  readonly privateDirtyError: number;
}

export interface CurveComparison {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Largest error of the sum of Pss at any point. */
  readonly worstPss: number;
  /** Largest errors from 500 requests a worker on; 0 if the case was not measured for so long. */
  readonly settledPss: number;
  readonly settledPrivateDirty: number;
}

export function cowCases(): CowCase[] {
  const curves = measured('cow_curve.csv');
  return measured('cow_cases.csv').map((row) => {
    const beforeFork = row.before_fork!;
    const points = curves.filter((point) => point.case === row.case).map((point) => Number(point.requests_total));
    return {
      name: row.case!,
      server: row.server as CowCase['server'],
      workers: Number(row.workers),
      threads: Number(row.threads),
      preload: row.preload_app === '1',
      beforeFork,
      methods: Number(row.generated_methods),
      requestMib: (Number(row.request_mib_lo) + Number(row.request_mib_hi)) / 2,
      bootSweep: row.boot_sweep!,
      pauses: points.filter((requests) => requests <= MOST_REQUESTS),
      lazyMib: row.frozen_constants_touched_before_fork === '0' ? LAZY_SHARE * Number(row.static_mib) : 0,
      bootPages: Number(row.heap_pages_boot),
      firstCollectionPages: Number(row.heap_pages_first_collection),
      heapPages: Number(row.heap_pages_end),
      mostOfFirstThree: Number(row.most_of_first_three),
      bootRssKib: Number(row.boot_rss_kib),
      liveObjects: Number(row.live_objects),
    };
  });
}

export function compareCurve(cow: CowCase): CurveComparison {
  const rows = measured('cow_curve.csv').filter((row) => row.case === cow.name);
  const simulated = new Map(curveOf(cow).map((point) => [point.requests, point]));
  const points = rows.flatMap((row): CurvePoint[] => {
    const requests = Number(row.requests_total);
    const point = simulated.get(requests);
    if (point === undefined) return [];
    return [
      {
        requests,
        measuredPssKib: Number(row.pss_kib),
        simulatedPssKib: point.pssKib,
        pssError: point.pssKib / Number(row.pss_kib) - 1,
        privateDirtyError: point.privateDirtyKib / Number(row.private_dirty_kib) - 1,
      },
    ];
  });
  const settled = points.filter(({ requests }) => requests >= SETTLED_REQUESTS * cow.workers);
  return {
    name: cow.name,
    points,
    worstPss: largest(points.map(({ pssError }) => pssError)),
    settledPss: largest(settled.map(({ pssError }) => pssError)),
    settledPrivateDirty: largest(settled.map(({ privateDirtyError }) => privateDirtyError)),
  };
}

export interface ArenaComparison {
  readonly name: string;
  readonly config: string;
  readonly threads: number;
  readonly measuredKib: number;
  readonly simulatedKib: number;
  readonly error: number;
}

/**
 * Where the requests of arena_cases.csv wait was not written down. That they hold nothing meanwhile is inferred from one case,
 * `arena_burst_t16_default`: its peak is 541 MiB, where a program like it peaks at 543 to 582 MiB if it waits first and at 653 to 700 if it waits
 * last (arena_waits.csv), and 14 of its 16 arenas are alike, of 29.6 to 32.7 MiB (arena_sizes.csv), as if one burst after the other had been in each.
 * With two and four arenas the two differ by too little to tell; of 25 threads (`arena_burst_t25_default_idle`) the peak is above those that wait first.
 */
const WAITS_OF_CASES = 'first';

/** @param seed of the simulated requests; that of the measured ones if left out */
export function compareArenas(seed?: number): ArenaComparison[] {
  return measured('arena_cases.csv').map((row) => {
    const simulatedKib = peakRss(arenaScenario({ ...arenaCase(row), ...(seed === undefined ? {} : { seed }) }));
    const measuredKib = Number(row.peak_rss_kib);
    const error = simulatedKib / measuredKib - 1;
    return { name: row.case!, config: row.config!, threads: Number(row.threads), measuredKib, simulatedKib, error };
  });
}

function arenaCase(row: Row): ArenaCase {
  return {
    name: row.case!,
    threads: Number(row.threads),
    config: row.config!,
    requests: Number(row.requests),
    isBurst: row.case!.includes('burst'),
    waits: WAITS_OF_CASES,
    seed: Number(row.seed),
    heapPages: Number(row.heap_pages_end),
  };
}

export interface WaitComparison {
  readonly threads: number;
  readonly config: string;
  readonly waits: 'first' | 'last';
  /** By seed; the seeds of the one have nothing to do with those of the other. */
  readonly measuredKib: readonly number[];
  readonly simulatedKib: readonly number[];
  /** Mean of the simulated over mean of the measured, less 1. */
  readonly error: number;
}

/** Bursts of a program that is known in full: a process for each of three seeds, in a Ruby heap that has its size from the start. */
export function compareWaits(): WaitComparison[] {
  const groups = new Map<string, Row[]>();
  for (const row of measured('arena_waits.csv')) {
    const key = `${row.threads} ${row.config} ${row.wait}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([name, rows]) => {
    const [first] = rows;
    const { threads, config, requests, heap_pages_end: pages } = first!;
    const waits = first!.wait as WaitComparison['waits'];
    const one = { name, threads: Number(threads), config: config!, requests: Number(requests), isBurst: true, waits };
    const measuredKib = rows.map((row) => Number(row.peak_rss_kib));
    const simulatedKib = rows.map(({ seed }) =>
      peakRss(arenaScenario({ ...one, seed: Number(seed), heapPages: Number(pages) })),
    );
    return { ...one, measuredKib, simulatedKib, error: mean(simulatedKib) / mean(measuredKib) - 1 };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface ThreadComparison extends ThreadCase {
  readonly measuredKib: number;
  readonly simulatedKib: number;
  readonly error: number;
}

/** Threads that hold memory until their requests end. */
export function compareThreads(): ThreadComparison[] {
  return measured('thread_memory.csv').map((row) => {
    const one = {
      threads: Number(row.threads),
      arenaMax: row.arena_max!,
      heldMib: Number(row.held_mib_per_request),
      requests: Number(row.requests),
      baseRssKib: Number(row.base_rss_kib),
      heapPages: Number(row.heap_pages_end),
    };
    const simulatedKib = peakRss(threadScenario(one));
    const measuredKib = Number(row.peak_rss_kib);
    return { ...one, measuredKib, simulatedKib, error: simulatedKib / measuredKib - 1 };
  });
}

/** The value with the largest size. */
function largest(errors: readonly number[]): number {
  return errors.reduce((worst, error) => (Math.abs(error) > Math.abs(worst) ? error : worst), 0);
}
