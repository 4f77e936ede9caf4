import { buildLastCommit, type LastCommit, removeWorkTree } from './last-commit.js';
import { type Measurement, measure, ROOT, type Size } from './measure.js';
import { inWords, printTable, sampleOf } from './sample.js';
import { buildYardstick, type Yardstick, type YardstickResult } from './yardstick.js';

const SIZES: readonly Size[] = [
  { processes: 2, threads: 5 },
  { processes: 64, threads: 5 },
];

interface Rounds {
  readonly ours: Measurement[];
  readonly last: Measurement[];
  readonly c: YardstickResult[];
}

/** Speed of bench/w2.yml against C and the last commit. The contenders take turns, so that drift hits all of them. */
export function benchSpeed({ repeats, requests }: { repeats: number; requests: number }): void {
  const yardstick = buildYardstick();
  const last = buildLastCommit();
  for (const size of SIZES) {
    console.log(`\n${size.processes} processes x ${size.threads} threads, ${requests} requests, ${repeats} rounds`);
    report(rounds(repeats, requests, size, yardstick, last), requests, last);
  }
  if (last !== null) removeWorkTree(last.root);
}

function rounds(
  repeats: number,
  requests: number,
  size: Size,
  yardstick: Yardstick | null,
  last: LastCommit | null,
): Rounds {
  const result: Rounds = { ours: [], last: [], c: [] };
  let isLastUsable = last !== null;
  for (let round = 0; round < repeats; round++) {
    if (yardstick !== null) result.c.push(yardstick(requests, round + 1, size));
    result.ours.push(measure(ROOT, requests, size));
    if (!isLastUsable) continue;
    try {
      result.last.push(measure(last!.root, requests, size));
    } catch (error) {
      isLastUsable = false;
      console.log(`the last commit cannot run this: ${(error as Error).message.split('\n').at(-1)}`);
    }
  }
  return result;
}

function report({ ours, last, c }: Rounds, requests: number, commit: LastCommit | null): void {
  const rows = [['', 'wall ms', 'CPU ms', 'ns a request', 'M requests/s', 'mean latency', 'p99', 'peak MiB']];
  const line = (name: string, wallMs: number[], cpu: string, mean: number, p99: number, peak: string) => {
    const sample = sampleOf(wallMs);
    const perRequestNs = (sample.median * 1e6) / requests;
    rows.push([
      name,
      inWords(sample),
      cpu,
      perRequestNs.toFixed(0),
      (1e3 / perRequestNs).toFixed(2),
      mean.toFixed(2),
      p99.toFixed(1),
      peak,
    ]);
  };
  const simulated = (name: string, runs: readonly Measurement[]) => {
    const { latency } = runs[0]!;
    const peak = Math.max(...runs.map((run) => run.peakRssMiB)).toFixed(0);
    const cpu = inWords(sampleOf(runs.map((run) => run.cpuMs)));
    line(name, wallTimes(runs), cpu, latency.mean, latency.quantiles[4]!, peak);
  };
  if (c.length > 0) line('C (gcc -O3)', wallTimes(c), '', c[0]!.mean, c[0]!.p99, '');
  simulated('gvlsim', ours);
  if (last.length > 0) simulated(`gvlsim ${commit!.name}`, last);
  printTable(rows);
  if (c.length > 0) console.log(`gvlsim / C: ${ratio(ours, c)}`);
  if (last.length > 0) {
    const isSame = ours[0]!.fingerprint === last[0]!.fingerprint;
    console.log(
      `gvlsim / ${commit!.name}: ${ratio(ours, last)}; ${isSame ? 'the same events' : 'NOT the same events: results have changed'}`,
    );
  }
}

/** Ratio of the times within each round: median and range. */
function ratio(upper: readonly { wallMs: number }[], lower: readonly { wallMs: number }[]): string {
  return inWords(sampleOf(lower.map(({ wallMs }, round) => upper[round]!.wallMs / wallMs)), 2);
}

function wallTimes(runs: readonly { wallMs: number }[]): number[] {
  return runs.map((run) => run.wallMs);
}
