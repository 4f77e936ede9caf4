import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { INTERPRETER_OBJECTS } from '../../../src/model/gc/policies.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import type { Row } from './measured-tables.js';
import { type Pauses, PauseTally } from './pauses.js';

/** What replays of a server come to, as means over the heaps that they start with. */
export interface ServerReplay {
  readonly minor: number;
  readonly major: number;
  readonly minorStopMs: number;
  /** All that majors stop for, per major [ms]. */
  readonly majorMarkMs: number;
  /** CPU time of all of it [ms]. */
  readonly gcMs: number;
}

/**
 * Shares of free slots that the heap may have had at the start, which was not measured: evenly over what nine booted heaps
 * had, 0.21 to 0.40. When a heap grows hangs on a few thousand slots, and with it how many collections follow: with one of these
 * shares alone the numbers are up to a fifth higher or lower.
 */
export const BOOT_FREE_RATIOS: readonly number[] = [0.21, 0.23, 0.25, 0.27, 0.29, 0.31, 0.33, 0.35, 0.37, 0.39];

/** @param bootFreeRatios shares of free slots at the start, a replay each */
export function replayServer(
  version: string,
  processes: number,
  threads: number,
  rows: readonly Row[],
  bootFreeRatios = BOOT_FREE_RATIOS,
): ServerReplay {
  const replays = bootFreeRatios.map((ratio) => replayFrom(ratio, version, processes, threads, rows));
  const mean = (of: (pauses: Pauses) => number) => replays.reduce((sum, each) => sum + of(each), 0) / replays.length;
  return {
    minor: mean(({ minor }) => minor),
    major: mean(({ major }) => major),
    minorStopMs: mean(({ meanMs }) => meanMs['minor stop']),
    majorMarkMs: mean(({ majorMarkMs }) => majorMarkMs),
    gcMs: mean(({ gcMs }) => gcMs),
  };
}

/** Share of the interpreter's objects that are in slots of 40 bytes: 4 558 of 5 592 in a bare one (Ruby 3.3.8, `ObjectSpace.dump`). */
const INTERPRETER_IN_SMALLEST = 0.82;
const IN_SMALLEST = (INTERPRETER_OBJECTS * INTERPRETER_IN_SMALLEST) / (400_000 + INTERPRETER_OBJECTS);
/**
 * Where the objects of the measured server lie on 3.3.8: those made at boot are nested hashes, which 3.3 keeps in slots of 160 bytes;
 * in those of 40 bytes are objects of the interpreter alone (0.07 of all).
 */
const RESIDENT_SHARES_3_3 = [IN_SMALLEST, 0, 1 - IN_SMALLEST, 0, 0];
/** Its strings are taken to be of at most 15 bytes. */
const STRINGS_3_3 = [1, 0, 0, 0, 0];

/** Objects that Unicorn's application made for each string; Puma's made one. */
const UNICORN_OBJECTS_PER_STRING = 1.25;

/** The requests of a measured server, each allocating evenly between its start and its last 10 ms, in steps of 1 ms. */
function replayFrom(
  bootFreeRatio: number,
  version: string,
  processes: number,
  threads: number,
  rows: readonly Row[],
): Pauses {
  const rules = heapRules(version);
  const collector = new AllocationCollector({
    processes,
    residentObjects: 400_000 + INTERPRETER_OBJECTS,
    bootFreeRatio,
    rules,
    residentShares: rules.growsByPool ? RESIDENT_SHARES_3_3 : [1],
    allocatedShares: rules.growsByPool ? STRINGS_3_3 : [1],
    costs: collectionCosts(version),
    parameters: RUBY_GC_DEFAULTS,
    holder: 'recent requests',
  });
  const objectsPerString = threads === 1 ? UNICORN_OBJECTS_PER_STRING : 1;
  const tally = new PauseTally(collector, [...Array(processes).keys()]);
  const events = rows.flatMap((row) => {
    const process = Number(row.process);
    const thread = process * threads + Number(row.thread);
    const start = Number(row.start_ms);
    const end = Number(row.end_ms);
    const steps = Math.max(1, Math.ceil(end - 10 - start));
    const objects = Number(row.objects) / steps;
    const run = () => tally.run({ process, thread, objects, mallocBytes: 0, workNs: Math.round(objects * 100) });
    return [
      {
        atMs: start,
        happens: () => {
          collector.keep(process, thread, Number(row.kept));
          collector.makeStrings(process, thread, Number(row.objects) / objectsPerString);
        },
      },
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
