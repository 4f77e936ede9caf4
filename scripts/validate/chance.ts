/** The page docs/validation/chance.md. */
import { figuresOf } from '../../src/experiment/replay/observed-requests.js';
import { createStreams } from '../../src/random/streams.js';
import { quantile } from '../../src/statistics/index.js';
import {
  experimentOf,
  type MeasuredCase,
  measuredCases,
  type Requests,
  readRun,
  replay,
} from '../../test/support/measured.js';
import { lengthened, type Overhead, overheadOf, replayKillingAsMeasured } from '../../test/support/run-overhead.js';
import { eachRequest, longerThanThreeTurnsMs } from '../../test/support/varied-traces.js';

type Change = (trace: string) => string;

interface Variation {
  readonly id: string;
  readonly what: string;
  readonly draws: number;
  /** One more draw. */
  next(measured: MeasuredCase, uniform: () => number): Change;
}

/** Arrivals by up to so much earlier or later [ms]: the generator's clock and the network. */
const MOVED_MS = 0.5;
/** A multiple of every period of the kernel's timer wheel that matters to seconds [ms]. */
const TIMER_GRID_MS = 4096;

const moved = (ms: number, uniform: () => number): number => Math.max(0, ms + (2 * uniform() - 1) * MOVED_MS);

const VARIATIONS: readonly Variation[] = [
  {
    id: 'web/D03',
    what: 'requests of 300 ms longer by what one of them was measured to be',
    draws: 100,
    next(measured, uniform) {
      const longerMs = longerThanThreeTurnsMs(measured, 1);
      const longer = (): string => `c${(300 + longerMs[Math.floor(uniform() * longerMs.length)]!).toFixed(3)}`;
      return (trace) => trace.replaceAll('c300.000', longer);
    },
  },
  ...['web/C06', 'web/I05'].map(
    (id): Variation => ({
      id,
      what: `arrivals moved by up to ${MOVED_MS} ms`,
      draws: 24,
      next: (_, uniform) => (trace) => eachRequest(trace, (ms, phases) => [moved(ms, uniform), phases]),
    }),
  ),
  {
    id: 'web/I05',
    what: 'begins anywhere in the timer grid of the kernel',
    draws: 24,
    next(_, uniform) {
      const offsetMs = uniform() * TIMER_GRID_MS;
      return (trace) => eachRequest(trace, (ms, phases) => [ms + offsetMs, phases]);
    },
  },
  ...[0.05, 0.1, 0.15].map(
    (longerMs): Variation => ({
      id: 'web/A16',
      what: `each request has ${longerMs} ms more of CPU`,
      draws: 1,
      next: () => (trace) => eachRequest(trace, (ms, phases) => [ms, `c${longerMs};${phases}`]),
    }),
  ),
];

/** Replays what a recording leaves to chance. */
export function chancePage(): string {
  return [
    '# What chance does to a replay',
    '',
    '<!-- Made by npm run validate -- chance. Do not edit. -->',
    '',
    'Some figures of [fidelity](fidelity.md) rest on few requests or on times that were not recorded. Here these are drawn anew; simulated over measured, the first run of each case:',
    'least, median and largest of the draws. *Failed*: requests that got no answer, simulated; in brackets measured.',
    '',
    '| case | drawn | draws | mean | p50 | p95 | p99 | failed |',
    '|---|---|---|---|---|---|---|---|',
    ...VARIATIONS.map(row),
    '',
    '## Answers that wait for the lock',
    '',
    'Puma 5.6 writes an answer in two calls; a request whose answer left 1 ms or more after the application had lost the lock in between.',
    '',
    '| case | share of the requests, measured | simulated | mean after the application [ms], measured | simulated |',
    '|---|---|---|---|---|',
    ...['web/C03', 'web/C09'].map(answers),
    '',
    '## How slow the machine was',
    '',
    'Where a worker has one thread, the recording shows how long a request takes it beyond its demand: *between* the end of the application and its next',
    'start, for requests that waited by then, and *inside* the application. That differs from run to run, by other work on the machine and its state. Ratios are simulated',
    'over measured, as in [fidelity](fidelity.md), and with each request longer by what the run was slower (or shorter).',
    '',
    'This is no test without the latencies: the end of an application is reckoned from when its answer came. The mean service overhead of the run is put in, one number; what is',
    "tested is the queueing. With demand and overhead given, the waits at a server of one thread follow almost from the arrivals (Lindley's recursion), so the last column",
    'says that the rest of the difference is the speed of the machine in that run, and little else of the model. Of workers that share a queue it also tests who serves whom.',
    '',
    '| case | run | between [ms], measured | simulated | inside [ms], measured | simulated | mean, p50, p95, p99 | with the overhead of the run |',
    '|---|---|---|---|---|---|---|---|',
    ...measuredCases().filter(isOneThreaded).flatMap(slowness),
    '',
    'G01 is replayed with its requests killed when they were. H02 has a proxy in front and its recording does not show who waited; in family F workers share the core.',
    '',
  ].join('\n');
}

function row({ id, what, draws, next }: Variation): string {
  const measured = caseOf(id);
  const real = readRun(measured, 1);
  const uniforms = createStreams(1, 0).open(`chance/${id}`);
  const uniform = (): number => uniforms.uniform();
  const realFigures = figures(real);
  const runs = Array.from({ length: draws }, () => replay(experimentOf(measured, 1, [], next(measured, uniform))));
  const ratios = realFigures.map((figure, k) =>
    range(
      runs.map((run) => figures(run)[k]! / figure),
      3,
    ),
  );
  const cells = [measured.name, what, draws, ...ratios, `${range(runs.map(failed), 0)} (${failed(real)})`];
  return `| ${cells.join(' | ')} |`;
}

function answers(id: string): string {
  const measured = caseOf(id);
  const late = ({ afterAppMs, status }: Requests): readonly [share: number, meanMs: number] => {
    const after = [...afterAppMs].filter((_, k) => status[k] === 'ok');
    return [after.filter((ms) => ms > 1).length / after.length, after.reduce((a, b) => a + b, 0) / after.length];
  };
  const [real, simulated] = [readRun(measured, 1), replay(experimentOf(measured, 1))].map(late);
  const shares = [real!, simulated!].map(([share]) => `${(100 * share).toFixed(1)} %`);
  const means = [real!, simulated!].map(([, meanMs]) => meanMs.toFixed(2));
  return `| ${[measured.name, ...shares, ...means].join(' | ')} |`;
}

/** A worker has one thread and a core whenever it wants one, the demand is known, and the client's request goes straight to it. */
function isOneThreaded({ server, threads, family, users, config }: MeasuredCase): boolean {
  const isOne = server === 'unicorn' || threads === 1;
  return isOne && !'EF'.includes(family) && users === 0 && config.nginx !== true;
}

function slowness(measured: MeasuredCase): string[] {
  return measured.runs.map((run) => {
    const real = readRun(measured, run);
    const simulate = (change?: Change): Requests[] => {
      if (measured.family === 'G') return [replayKillingAsMeasured(measured, change)!];
      const experiment = experimentOf(measured, run, [], change);
      return Array.from({ length: measured.processes > 1 ? 5 : 1 }, (_, k) => replay(experiment, k));
    };
    const asItIs = simulate();
    const [was, is] = [[real], asItIs].map(overheadOf) as [Overhead, Overhead];
    const longerMs = was.betweenMs - is.betweenMs + was.inAppMs - is.inAppMs;
    const ratios = (runs: readonly Requests[]): string => {
      const pooled = {
        latencyMs: Float64Array.from(runs.flatMap(({ latencyMs }) => [...latencyMs])),
        status: runs.flatMap(({ status }) => status),
      };
      return figures(pooled)
        .map((figure, k) => (figure / figures(real)[k]!).toFixed(3))
        .join(' ');
    };
    const times = [was.betweenMs, is.betweenMs, was.inAppMs, is.inAppMs].map((ms) => ms.toFixed(2));
    const replays = [asItIs, simulate((trace) => lengthened(trace, longerMs))].map(ratios);
    return `| ${[measured.id, run, ...times, ...replays].join(' | ')} |`;
  });
}

function caseOf(id: string): MeasuredCase {
  return measuredCases().find((each) => each.id.startsWith(id))!;
}

/** Mean, p50, p95 and p99 of the requests that were answered. */
function figures({ latencyMs, status }: Pick<Requests, 'latencyMs' | 'status'>): readonly number[] {
  const [meanMs, p50Ms, , p95Ms, p99Ms] = figuresOf(latencyMs.filter((_, k) => status[k] === 'ok'));
  return [meanMs!, p50Ms!, p95Ms!, p99Ms!];
}

function failed({ status }: Requests): number {
  return status.filter((each) => each !== 'ok').length;
}

function range(values: readonly number[], digits: number): string {
  const sorted = Float64Array.from(values).sort();
  const texts = [0, 0.5, 1].map((level) => quantile(sorted, level).toFixed(digits));
  return new Set(texts).size === 1 ? texts[0]! : texts.join(' / ');
}
