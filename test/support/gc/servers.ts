import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { collectionCosts } from '../../../src/model/gc/costs.js';
import { heapRules } from '../../../src/model/gc/heap-rules.js';
import { BOOT_FREE_RATIO, INTERPRETER_OBJECTS } from '../../../src/model/gc/policies.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';
import type { Row } from './measured-tables.js';
import { type Pauses, PauseTally } from './pauses.js';

/** Objects that Unicorn's application made for each string; Puma's made one. */
const UNICORN_OBJECTS_PER_STRING = 1.25;

/** The requests of a measured server, each allocating evenly between its start and its last 10 ms, in steps of 1 ms. */
export function replayServer(
  version: string,
  processes: number,
  threads: number,
  rows: readonly Row[],
  bootFreeRatio = BOOT_FREE_RATIO,
): Pauses {
  const collector = new AllocationCollector({
    processes,
    residentObjects: 400_000 + INTERPRETER_OBJECTS,
    bootFreeRatio,
    rules: heapRules(version),
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
