import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { defaultObjectSizes, sharesByPool } from '../../../src/model/gc/object-sizes.js';
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

/**
 * Where the objects of the measured server lie, as in a scenario with recorded demands: on 3.3.8 the strings in slots of 40 bytes; what was loaded, 400 000
 * objects, mostly nested hashes, in slots of 160 bytes; of the interpreter's own 82 % in slots of 40 bytes. It was not measured in the server. At first the
 * 40-byte slots had 22 500 free ones beside 10 000 kept ones without asking for a major collection, so their share of the loaded objects is at most 0.18.
 * The share was chosen twice: 0.16, at which the numbers of collections were closest then, and 0.066, which follows from what is loaded. Growth is all or
 * nothing, and the numbers hang on it: from 0.066 to 0.18 they are 245 to 315 minor and 34 to 44 major (289 and 42, 295 and 44 measured), without a trend in the
 * major ones. So neither is confirmed, and the numbers are known to about a quarter.
 */
const SIZES = defaultObjectSizes(true);

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
    residentShares: sharesByPool(SIZES.resident, rules.slotBytes),
    allocatedShares: sharesByPool(SIZES.allocated, rules.slotBytes),
    costs: collectionCosts(version),
    parameters: RUBY_GC_DEFAULTS,
    holder: 'old object',
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
