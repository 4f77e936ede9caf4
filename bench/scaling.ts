import { measure, ROOT } from './measure.js';
import { inWords, printTable, sampleOf } from './sample.js';

const REQUESTS = [100_000, 1_000_000, 10_000_000] as const;
const SIZE = { processes: 2, threads: 5 };

/** Cost of a request and peak memory of the process, as runs get longer. Both should stay where they are. */
export function benchScaling(repeats: number): void {
  const rows = [['requests', 'ns a request', 'peak MiB']];
  for (const requests of REQUESTS) {
    const runs = Array.from({ length: requests > 1_000_000 ? Math.min(repeats, 2) : repeats }, () =>
      measure(ROOT, requests, SIZE),
    );
    rows.push([
      String(requests),
      inWords(sampleOf(runs.map((run) => (run.wallMs * 1e6) / requests))),
      inWords(sampleOf(runs.map((run) => run.peakRssMiB))),
    ]);
  }
  printTable(rows);
}
