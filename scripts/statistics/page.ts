import { PAIRING_REPLICATIONS, type PairingGain } from './pairing.js';
import { PRECISION } from './stopping.js';
import { KNOWN_SYSTEMS } from './systems.js';
import { SETTLING, STARTS } from './warm-up-bias.js';

type Totals = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** docs/validation/statistics.md. */
export function statisticsPage(totals: Totals, gains: readonly PairingGain[]): string {
  return [
    '# Do the statistics keep what they promise?',
    '',
    'Written by `npm run validate:statistics`. Systems whose truth is known are simulated thousands of times; each time intervals',
    'are made as `gvlsim run` makes them.',
    '',
    ...coverageSection(totals),
    ...stoppingSection(totals),
    ...warmUpSection(totals),
    ...pairingSection(gains),
  ].join('\n');
}

function coverageSection(totals: Totals): string[] {
  const rows = KNOWN_SYSTEMS.map(({ name, title, replications, requests }) => {
    const sum = totals.get(`coverage:${name}`)!;
    const { experiments = 0 } = sum;
    const share = (key: string): string => percent(sum[key]! / experiments, 2);
    return [
      title,
      `${replications} x ${requests}`,
      String(experiments),
      percent(sum.mean! / experiments, 1),
      percent(sum.p95! / experiments, 1),
      share('meanHalfWidth'),
      share('p95HalfWidth'),
      share('meanBias'),
      share('p95Bias'),
    ];
  });
  return [
    '## Coverage of 95 % intervals',
    '',
    'How many of the intervals contain the true mean and the true p95 of the sojourn time. With 2,000 experiments a share of 95 % is',
    'known to about 1 %. Each replication starts empty; its first tenth is cut.',
    '',
    ...table(
      [
        'system',
        'replications x requests',
        'experiments',
        'mean',
        'p95',
        'half width of the mean',
        'of p95',
        'bias of the mean',
        'of p95',
      ],
      rows,
    ),
    'The truth: M/M/1 and M/M/c by their formulas; for threads that share the lock in slices the limit of ever shorter ones,',
    'processor sharing (Coffman, Muntz and Trotter 1970).',
    '',
    'The last row shows what longer runs are for: near saturation even the mean of a short run is skewed, so that intervals from few',
    'short runs miss more often than they promise, nearly always because they are too low. Neither warm-up nor `precision` cures that.',
    '',
    'Quantiles are those of all replications together, with an inverted t test for their intervals. Intervals around the mean of',
    "the replications' own p95, by Student's t, held it less often: in 4,000 experiments with 10 x 500 requests of M/M/1 at 0.5 in",
    '92.7 % instead of 94.6 %, at 0.9 with 5 x 4,000 in 86 % instead of 93 %, with a bias of -4 %.',
    '',
  ];
}

function stoppingSection(totals: Totals): string[] {
  const sum = totals.get('stopping:mm1-50')!;
  const { experiments = 0, covered = 0, reached = 0, replications = 0, coveredFixed = 0 } = sum;
  const { relative, first, requests, fixed, most } = PRECISION;
  return [
    '## Stopping when the interval is narrow enough',
    '',
    `M/M/1 at utilisation 0.5, replications of ${requests} requests, until the mean is known to ${percent(relative, 0)} (first round ${first},`,
    `at most ${most}): ${(replications / experiments).toFixed(1)} replications on average, reached in ${percent(reached / experiments, 1)} of ${experiments} experiments. Whoever stops when`,
    'an interval is narrow stops a little more often when it is too narrow by chance:',
    '',
    ...table(
      ['', 'intervals that contain the true mean'],
      [
        ['stopped by `precision`', percent(covered / experiments, 1)],
        [`${fixed} replications, decided beforehand`, percent(coveredFixed / experiments, 1)],
        ['lost by stopping', `${(100 * ((coveredFixed - covered) / experiments)).toFixed(1)} points`],
      ],
    ),
  ];
}

function warmUpSection(totals: Totals): string[] {
  const rows = Object.entries(STARTS).map(([start, crowd]) => {
    const { experiments = 0, refused = 0, bias = 0, squares = 0, uncut = 0, cut = 0 } = totals.get(`warm-up:${start}`)!;
    const n = experiments - refused;
    const error = Math.sqrt((squares / n - (bias / n) ** 2) / n);
    return [
      crowd === 0 ? 'empty' : `${crowd} waiting`,
      String(experiments),
      percent(refused / experiments, 1),
      percent(cut / n, 1),
      percent(uncut / n, 1),
      `${percent(bias / n, 2)} ± ${percent(error, 2)}`,
    ];
  });
  const { utilisation, requests, replications } = SETTLING;
  return [
    '## What the automatic warm-up leaves of the start',
    '',
    `M/M/1 at utilisation ${utilisation}, ${replications} replications of ${requests} requests in each experiment. Bias: mean latency over the true one,`,
    'less one, on average over the experiments, with its standard error.',
    '',
    ...table(
      ['start', 'experiments', 'refused as not settled', 'cut on average', 'bias without a cut', 'bias after the cut'],
      rows,
    ),
  ];
}

function pairingSection(gains: readonly PairingGain[]): string[] {
  const pairs = [...new Set(gains.map(({ variant }) => variant))];
  const of = (variant: string, statistic: string): string =>
    gains.find((one) => one.variant === variant && one.statistic === statistic)!.gain.toFixed(1);
  return [
    '## What pairing saves',
    '',
    `Variance of the difference in latency between two configurations, with independent arrivals over that with the same ones (\`pairing_gain\` in`,
    `comparison.csv), from ${PAIRING_REPLICATIONS} replications of two minutes of the requests in the README:`,
    '',
    ...table(
      ['compared', 'mean', 'p95', 'p99'],
      pairs.map((variant) => [
        `${gains[0]!.baseline} and ${variant}`,
        ...['mean', 'p95', 'p99'].map((statistic) => of(variant, statistic)),
      ]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? '---' : '---:'))), ...rows.map(line), ''];
}

function percent(share: number, decimals: number): string {
  return `${(100 * share).toFixed(decimals)} %`;
}
