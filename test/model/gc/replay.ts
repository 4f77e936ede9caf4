import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { BOOT_FREE_RATIO, INTERPRETER_OBJECTS } from '../../../src/model/gc/policies.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import { drive } from './drive.js';
import type { Row } from './measured-tables.js';

export interface Replayed {
  readonly minor: number;
  readonly major: number;
  /** Mean stop of a minor collection, and mean of all stops of a major one together [ms]. */
  readonly minorStopMs: number;
  readonly majorMarkMs: number;
  readonly sweepMs: number;
  readonly gcMs: number;
}

/** A loop of requests in one process, as in gc_streams.csv. */
export function replayStream(row: Row): Replayed {
  const isA = row.case!.startsWith('gcA');
  const perRequest = isA ? 300 : 10;
  const objects = Number(row.slots_per_request) - perRequest;
  const mallocBytes = Number(row.malloc_mib_per_request) * 1024 * 1024;
  const resident = Number(row.resident_objects_param) + (row.shape === 'flat' ? 17_000 : INTERPRETER_OBJECTS);
  const collector = collectorOf('3.1', resident, 1 - resident / BOOT_SLOTS[row.case!]!, 1);
  collector.keep(0, 1, isA ? 50_000 : 20_000, 'old object');
  const tally = new ReplayTally(collector, [0]);
  for (let request = 0; request < Number(row.requests); request++) {
    collector.keep(0, 0, Number(row.held_per_request), 'young object');
    tally.run({ process: 0, thread: 0, objects, mallocBytes, workNs: objects * 100 });
    tally.run({ process: 0, thread: 1, objects: perRequest, mallocBytes: 0, workNs: perRequest * 100 });
    collector.requestEnded(0, 0);
  }
  return tally.result();
}

/** The requests of a measured server, each allocating evenly between its start and its last 10 ms, in steps of 1 ms. */
export function replayServer(version: string, processes: number, threads: number, rows: readonly Row[]): Replayed {
  const collector = collectorOf(version, 400_000 + INTERPRETER_OBJECTS, BOOT_FREE_RATIO, processes);
  const tally = new ReplayTally(collector, [...Array(processes).keys()]);
  const events = rows.flatMap((row) => {
    const process = Number(row.process);
    const thread = process * threads + Number(row.thread);
    const start = Number(row.start_ms);
    const end = Number(row.end_ms);
    const steps = Math.max(1, Math.ceil(end - 10 - start));
    const objects = Number(row.objects) / steps;
    const run = () => tally.run({ process, thread, objects, mallocBytes: 0, workNs: Math.round(objects * 100) });
    return [
      { atMs: start, happens: () => collector.keep(process, thread, Number(row.kept)) },
      ...Array.from({ length: steps }, (_, k) => ({
        atMs: start + ((end - 10 - start) * (k + 0.5)) / steps,
        happens: run,
      })),
      { atMs: end, happens: () => collector.requestEnded(process, thread) },
    ];
  });
  for (const event of events.sort((a, b) => a.atMs - b.atMs)) event.happens();
  return tally.result();
}

/** Slots of the heap after warm-up, from `GC.stat` at the start of the measured window. */
const BOOT_SLOTS: Readonly<Record<string, number>> = {
  gcA_live50k: 103_377,
  gcA_live500k: 719_546,
  gcA_live1000k: 1_754_528,
  gcA_live4000k: 5_427_026,
  gcA_flat200k: 366_514,
  gcA_flat4000k: 5_484_638,
  gcB_keep0: 719_544,
  gcB_keep5000: 719_544,
  gcB_keep50000: 974_920,
  gcB_keep200000: 1_199_242,
  gcC_alloc1000_mib0: 719_544,
  gcC_alloc1000_mib1: 719_544,
  'gcC_alloc5000_mib0.1': 719_544,
  gcC_alloc5000_mib5: 719_544,
  gcC_alloc20000_mib0: 719_544,
  gcC_alloc20000_mib1: 719_544,
  gcC_alloc80000_mib0: 719_544,
  gcC_alloc80000_mib1: 719_544,
  gcC_alloc80000_mib5: 719_544,
};

function collectorOf(version: string, residentObjects: number, bootFreeRatio: number, processes: number) {
  return new AllocationCollector({
    processes,
    residentObjects,
    bootFreeRatio,
    rules: heapRules(version),
    costs: collectionCosts(version),
    parameters: RUBY_GC_DEFAULTS,
    holder: 'old object',
  });
}

/** Sorts the stops into minor ones and those that belong to a major collection. */
class ReplayTally {
  private minorNs = 0;
  private majorNs = 0;
  private sweepNs = 0;

  constructor(
    private readonly collector: AllocationCollector,
    private readonly processes: readonly number[],
  ) {}

  run(burst: Parameters<typeof drive>[1]): void {
    const { collector } = this;
    const driven = drive(collector, burst, (pauseNs, minorsStarted) => {
      if (minorsStarted > 0) this.minorNs += pauseNs;
      else this.majorNs += pauseNs;
    });
    this.sweepNs += driven.sweepNs;
  }

  result(): Replayed {
    const sum = (of: 'minor' | 'major' | 'pausedNs') =>
      this.processes.reduce((total, process) => total + this.collector.counts(process)[of], 0);
    return {
      minor: sum('minor'),
      major: sum('major'),
      minorStopMs: this.minorNs / sum('minor') / 1e6,
      majorMarkMs: this.majorNs / sum('major') / 1e6,
      sweepMs: this.sweepNs / 1e6,
      gcMs: (sum('pausedNs') + this.sweepNs) / 1e6,
    };
  }
}
