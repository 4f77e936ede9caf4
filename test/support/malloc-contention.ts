/** Measured C threads that malloc and free without a GVL, and what the model of the arenas' locks says about them. */
import { lockUse, stretch } from '../../src/model/memory/malloc/contention.js';
import { coresByArena } from '../../src/model/memory/malloc/core-shares.js';
import { GlibcHeap } from '../../src/model/memory/malloc/glibc.js';
import { measured } from './gc/measured-tables.js';

const CORES = 2;
const SMALLEST_BYTES = 24;
/** Largest block that the cache of a thread takes. */
const CACHED_BYTES = 1_032;

export interface ContentionComparison {
  /** MALLOC_ARENA_MAX or `default`. */
  readonly config: string;
  readonly maxBlockBytes: number;
  readonly threads: number;
  /** Threads that run at the same time at each arena, in the model. */
  readonly together: number;
  readonly measuredPerSec: number;
  readonly simulatedPerSec: number;
  /** Simulated over measured, less 1. */
  readonly error: number;
}

/** Of each size, the time of a pair of malloc and free is that of the measured thread that is alone. */
export function compareContention(): ContentionComparison[] {
  const rows = measured('malloc_contention.csv').filter(({ config }) => config !== 'jemalloc');
  return rows.map((row) => {
    const [config, maxBlockBytes, threads] = [row.config!, Number(row.max_block_bytes), Number(row.threads)];
    const alone = rows.filter((one) => one.threads === '1' && one.max_block_bytes === row.max_block_bytes);
    const pairNs = 1e9 / (alone.reduce((sum, one) => sum + Number(one.ops_per_s), 0) / alone.length);
    const heap = new GlibcHeap({
      kind: 'glibc',
      arenaMax: config === 'default' ? null : Number(config),
      cpus: CORES,
      trimEveryRequests: Number.POSITIVE_INFINITY,
    });
    const users = new Map<string, number[]>();
    for (let thread = 0; thread < threads; thread++) {
      const arena = `${heap.attach()}`;
      users.set(arena, [...(users.get(arena) ?? []), thread]);
    }
    const use = lockUse(pairNs, largeShare(maxBlockBytes));
    const shares = [...coresByArena(users, CORES).values()];
    const running = Math.min(CORES, threads);
    const all = shares.reduce((sum, share) => sum + share, 0);
    const each = shares.map((share) => ((running * share) / all) * (1e9 / (pairNs * stretch(use, share))));
    const simulatedPerSec = each.reduce((sum, perSec) => sum + perSec, 0);
    const measuredPerSec = Number(row.ops_per_s);
    const together = Math.max(...shares);
    const error = simulatedPerSec / measuredPerSec - 1;
    return { config, maxBlockBytes, threads, together, measuredPerSec, simulatedPerSec, error };
  });
}

/** Sizes are log-uniform. */
function largeShare(maxBytes: number): number {
  return Math.max(0, Math.log(maxBytes / CACHED_BYTES) / Math.log(maxBytes / SMALLEST_BYTES));
}
