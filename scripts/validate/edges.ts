/** The page docs/validation/edges.md: timeouts, slow clients, the proxy and the listen queue, request by request. */
import { figuresOf } from '../../src/experiment/replay/observed-requests.js';
import { quantile } from '../../src/statistics/index.js';
import { agreementOf, type EdgeReplays, edgeReplays, killedWhenMeasured } from '../../test/support/edge-cases.js';
import type { Requests } from '../../test/support/measured.js';

const FIGURES = [
  ['mean', 0],
  ['p50', 1],
  ['p95', 3],
] as const;

/** Draws of G01 among which those are that kill at the moment measured. */
const SEARCHED = 250;

export function edgesPage(): string {
  return [
    '# Timeouts, slow clients, a proxy, a short listen queue',
    '',
    '<!-- Made by npm run validate -- edges. Do not edit. -->',
    '',
    'The measured cases in which something besides the server decides what becomes of a request: who is killed or turned away, and who is served, request by',
    'request. *Both*: requests without an answer in the measurement and in the replay. Latencies of the requests that were answered, simulated over measured: least,',
    'median and largest of the draws (whose turn it is, when the master looks). With one process nothing is drawn.',
    '',
    '| case | requests | draws | without answer: measured | simulated | both | mean | p50 | p95 | within 10 % in the median |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...[...edgeReplays(), killedWhenMeasured(0, SEARCHED)].map(row),
    '',
    ...NOTES,
    '',
  ].join('\n');
}

function row({ name, real, draws }: EdgeReplays): string {
  const agreements = draws.map((draw) => agreementOf(real, draw));
  const ratios = FIGURES.map(([, at]) => draws.map((draw) => answeredFigures(draw)[at]! / answeredFigures(real)[at]!));
  const misses = FIGURES.filter((_, k) => Math.abs(level(ratios[k]!, 0.5) - 1) > 0.1).map(([heading]) => heading);
  const cells = [
    name,
    real.ids.length,
    draws.length,
    agreements[0]!.measured,
    range(
      agreements.map(({ simulated }) => simulated),
      0,
    ),
    range(
      agreements.map(({ both }) => both),
      0,
    ),
    ...ratios.map((values) => range(values, 3)),
    misses.length === 0 ? 'yes' : `not ${misses.join(', ')}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function answeredFigures({ latencyMs, status }: Requests): readonly number[] {
  return figuresOf(latencyMs.filter((_, k) => status[k] === 'ok'));
}

function level(values: readonly number[], p: number): number {
  return quantile(Float64Array.from(values).sort(), p);
}

function range(values: readonly number[], digits: number): string {
  const texts = [0, 0.5, 1].map((p) => level(values, p).toFixed(digits));
  return new Set(texts).size === 1 ? texts[0]! : texts.join(' / ');
}

const NOTES = [
  'G01: Unicorn with two workers and a timeout of 3 s; the four requests that wait for 10 s are killed, in the measurement and in every draw, and nobody else. When the',
  'master looks is the same for all four of a run, and chance: 4.5 s after they began in the measurement, 3 to 5 s here. Until then everybody else has one',
  `worker, so all latencies hang on it. The last row has those of ${SEARCHED} draws that kill at the moment measured, within 25 ms.`,
  '',
  'H: 5 % of the clients take 2 s to send 20 kB; H02 has nginx in front, which reads the body first. H03 is Puma, whose reactor does. All are answered.',
  '',
  'I05: Puma 5.6 at 130 % of what it can do behind a listen queue of 64: a connection that finds it full sends its SYN again, and some are reset. Who that is hangs on tenths',
  'of a ms ([chance](chance.md)), so the numbers are of one size, and the requests are others.',
];
