import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import { drive } from './drive.js';
import type { Row } from './measured-tables.js';

/** A collector of one process on Ruby 3.3. @param resident objects that stay, by pool @param allocated relative numbers, by pool */
export function pooledCollector(
  resident: readonly number[],
  allocated: readonly number[],
  bootFreeRatio: number,
): AllocationCollector {
  const all = sum(resident);
  return new AllocationCollector({
    processes: 1,
    residentObjects: all,
    bootFreeRatio,
    rules: heapRules('3.3'),
    residentShares: resident.map((objects) => objects / all),
    allocatedShares: allocated.map((objects) => objects / sum(allocated)),
    costs: collectionCosts('3.3'),
    parameters: RUBY_GC_DEFAULTS,
    holder: 'old object',
  });
}

/** What a row of gc_size_pools.csv comes to. */
export interface PoolReplay {
  readonly minor: number;
  readonly major: number;
  /** Pages of each pool in the end. */
  readonly pages: readonly number[];
}

export function replayPools(row: Row): PoolReplay {
  const allocated = byPool(row.allocated!);
  const collector = pooledCollector(byPool(row.live!), allocated, 0);
  const heap = collector.heapBehind(0);
  const [pages, allocatable] = [byPool(row.pages!), byPool(row.allocatable!)];
  for (const [k, pool] of heap.census.pools.entries()) {
    // Pages of objects that were alive while the program made those that stay.
    const more = Math.max(0, pages[k]! - pool.pages);
    pool.pages += more;
    pool.unpinned += more;
    pool.room += more * pool.slotsPerPage;
    pool.allocatablePages = allocatable[k]!;
  }
  const requests = Number(row.requests);
  const objects = sum(allocated) / requests;
  for (let k = 0; k < requests; k++) {
    collector.keep(0, 0, Number(row.held), 'young object');
    drive(collector, { process: 0, thread: 0, objects, mallocBytes: 0, workNs: Math.round(objects * 100) });
    collector.requestEnded(0, 0);
  }
  const { minor, major } = collector.counts(0);
  return { minor, major, pages: heap.census.pools.map((pool) => pool.pages) };
}

/** `1/2/3/4/5` */
export function byPool(cell: string): number[] {
  return cell.split('/').map(Number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
