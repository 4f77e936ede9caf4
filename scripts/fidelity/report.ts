/** The page docs/validation/fidelity.md. */
import { quantile } from '../../src/statistics/index.js';
import {
  type Comparison,
  LATENCY_METRICS,
  type LatencyMetric,
  meanOf,
  type Summary,
  spreadOf,
} from '../../test/support/fidelity.js';

const HEADINGS: Readonly<Record<LatencyMetric, string>> = { meanMs: 'mean', p50Ms: 'p50', p95Ms: 'p95', p99Ms: 'p99' };

/** @param figure name of the picture beside the page */
export function fidelityPage(comparisons: readonly Comparison[], figure: string): string {
  return [
    '# Fidelity: replays against real servers',
    '',
    '<!-- Made by npm run validate. Do not edit. -->',
    '',
    'Each case is a recorded trace of requests that was sent to a real Puma or Unicorn on a virtual machine with two cores;',
    'the same trace is replayed here with the defaults that every user gets. How the measurements were made:',
    '[test/measured/README.md](../../test/measured/README.md). Ratios are simulated over measured; where a case was measured',
    'several times both are means over the runs, and *spread* is the largest difference between two runs of the real server.',
    '',
    '## Errors',
    '',
    ...errorTable(comparisons),
    '',
    '## Latency, worst case first',
    '',
    ...latencyTable(comparisons),
    '',
    '## Where the time goes',
    '',
    'Means in milliseconds, measured → simulated. *Queue*: from sending to the start of the application. *In app*: time in the',
    'application that is not demand (waits for the GVL, sleeps that last longer). *After*: from the end of the application to the',
    'answer. *Busiest worker*: its number of requests relative to an even share.',
    '',
    ...partsTable(comparisons),
    '',
    '## Quantiles',
    '',
    'Simulated against measured latency at 1 % to 99 %; the line is where they are equal. Linear axes from 0, each to the larger 99 % quantile.',
    '',
    `![Quantile-quantile plots, one for each case](${figure})`,
    '',
    ...RESTS_ON,
    ...LIMITS,
    '',
  ].join('\n');
}

function errorTable(comparisons: readonly Comparison[]): string[] {
  const groups: readonly (readonly [string, readonly Comparison[]])[] = [
    ['all', comparisons],
    ['Ruby 3.1', comparisons.filter(({ measured }) => measured.ruby === '3.1')],
    ['Ruby 3.3', comparisons.filter(({ measured }) => measured.ruby === '3.3')],
    ['one Puma process', comparisons.filter(({ measured }) => measured.server === 'puma' && measured.isSingle)],
    ['Puma cluster', comparisons.filter(({ measured }) => measured.server === 'puma' && !measured.isSingle)],
    ['Unicorn', comparisons.filter(({ measured }) => measured.server === 'unicorn')],
  ];
  const cells = (group: readonly Comparison[]): string[] =>
    LATENCY_METRICS.map((metric) => {
      const errors = Float64Array.from(group, ({ ratio }) => Math.abs(ratio[metric] - 1));
      return [0.5, 0.9, 1].map((level) => percent(quantile(errors, level))).join(' / ');
    });
  return [
    'Absolute error over the cases: median / 90 % / largest.',
    '',
    `| cases | number | ${LATENCY_METRICS.map((metric) => HEADINGS[metric]).join(' | ')} |`,
    '|---|---|---|---|---|---|',
    ...groups.map(([name, group]) => `| ${name} | ${group.length} | ${cells(group).join(' | ')} |`),
  ];
}

function latencyTable(comparisons: readonly Comparison[]): string[] {
  const worst = ({ ratio }: Comparison): number =>
    Math.max(...LATENCY_METRICS.map((m) => Math.abs(Math.log(ratio[m]))));
  const rows = [...comparisons].sort((a, b) => worst(b) - worst(a));
  return [
    '| case | runs | measured mean / p50 / p95 / p99 [ms] | simulated | ratios | spread |',
    '|---|---|---|---|---|---|',
    ...rows.map(({ measured, real, simulated, ratio }) => {
      const values = (of: readonly Summary[]): string => LATENCY_METRICS.map((m) => ms(meanOf(of, m))).join(' / ');
      const ratios = LATENCY_METRICS.map((m) => ratio[m].toFixed(3)).join(' ');
      const spread = real.length < 2 ? '' : LATENCY_METRICS.map((m) => percent(spreadOf(real, m))).join(' ');
      return `| ${measured.id} | ${real.length} | ${values(real)} | ${values(simulated)} | ${ratios} | ${spread} |`;
    }),
  ];
}

function partsTable(comparisons: readonly Comparison[]): string[] {
  const parts: readonly (keyof Summary)[] = ['queueMs', 'inAppWaitMs', 'afterAppMs'];
  return [
    '| case | queue | in app | after | busiest worker | failed |',
    '|---|---|---|---|---|---|',
    ...comparisons.map(({ measured, real, simulated }) => {
      const cells = parts.map((part) => pair(meanOf(real, part), meanOf(simulated, part), 2));
      const workers =
        measured.processes === 1 ? '' : pair(meanOf(real, 'imbalance'), meanOf(simulated, 'imbalance'), 2);
      const failed = pair(meanOf(real, 'failed'), meanOf(simulated, 'failed'), 0);
      return `| ${measured.id} | ${cells.join(' | ')} | ${workers} | ${failed === '0 → 0' ? '' : failed} |`;
    }),
  ];
}

const RESTS_ON = [
  '## What the constants rest on',
  '',
  'By how much the mean latency of a case moves when one of them is left out (set to 0, or to what is given); found once, no command prints it. The first six are seen by many',
  'cases of several families, so that any one case could be missing. The others are seen by one family at most: for other servers of that kind these are one measurement.',
  '',
  '| constant | largest change of a mean | cases changed by more than 1 % | families |',
  '|---|---|---|---|',
  "| Puma's cold code, 38 us a root of a ms | -7.2 % (web33/A10) | 32 of 42 | A, C, I and more |",
  "| Puma's own code: accept 30, parse 55, write 65, close 20 us | -2.3, -3.8, -4.1, -1.6 % (A07) | 8, 11, 15, 4 of 42 | A, C, D, I |",
  '| `host.io_call` 50 and 27 us | -6.8 % (A07) | 14 of 20 tried | A, C, D, F, I |',
  '| `host.sleep_overshoot` 100 to 50 us; `host.wake_latency` 7 us | -2.7, -3.0 % (A07) | 4, 7 of 20 tried | A, C, D, I; also measured without a server |',
  "| Unicorn's own code: parse 85, write 60 us, cold 17 us a root of a ms | -1.8, -1.3 % (I02), -2.2 % (F01) | 5, 2, 8 of 11 | B, E, F, I |",
  '| slice of the scheduler of a shared core, 0.3 to 1.4 ms | -2.9 % (D03) | 3 of 20 tried | A, D, I; set when it was measured |',
  '| caches that an application empties by allocating, 7.5 roots of a ms | -3.3 % (E01) | 2 | E only |',
  '| SYN retries, half-open connections, their timers | which requests wait for seconds | 1 | I05 only; Linux, and its sources |',
  '| reading a request on a kept connection, 40 us | -0.5 % | none | K01 only |',
  '| a worker that is forked again, 8 ms | -0.3 % | none | G01 only |',
  '| the reactor 60 us, a new thread 75 us, an accept that finds nothing 15 and 20 us, `connect` 45 us | up to 0.9 %, which is chance | none | not to be told from latencies |',
  '',
];

const LIMITS = [
  '## What the model does not capture',
  '',
  'What chance does to D03, C06, I05 and A16, and the answers of C03 and C09, are tables of [their own](chance.md). Figures below that neither this page nor that one',
  'has in a table were found once, with traces and models changed by hand; no command prints them.',
  '',
  '- Other work on the measuring machine. The first runs on Ruby 3.1 (A01 to A10, B01) shared their core with it for 8 to 47 % of the time;',
  '  a burst of CPU then lost a 4 ms tick now and then (0.1 to 0.2 ms a burst on average). With one thread and 83 % of its time taken',
  '  (A01, B01) that is 6 % of the latency; with five threads and 80 % (A07) about as much. Where a worker has one thread the mean overhead of the run can be read from the',
  '  recording, its latencies included. With that put in, so that only the queueing is left to test, each of these cases is within 2.4 % in the mean and, but for G01 (4.1 %), 1 % in the',
  '  median ([how slow the machine was](chance.md#how-slow-the-machine-was)).',
  '- How long the steps of a server take varies from request to request: the logarithm of the time to the application of requests that find the server idle',
  '  (web33) has a standard deviation of 0.27 to 0.39; here it does not vary. It matters where the slice of the scheduler (0.3 ms) is over or not when a step gives',
  '  the lock up next to a long request: of the starts during 46 requests of 400 ms (D01 on 3.1) 42 were measured one turn of 100 ms after the one before,',
  '  13 two and 4 three turns; simulated 71, 0 and 1. With a factor drawn for each request it is 54, 7 and 0, and the latencies are not closer on average.',
  '- D01 on 3.1 ran in a slow state of the machine: 0.78 ms of CPU outside the application a request, 0.36 in the run on 3.3.',
  '- D03 has 96 requests: p99 is the two slowest. Its long requests take exactly three turns of 100 ms, and whether the third turn ends before the request does',
  '  is a matter of a tenth of a ms. With them longer by what they were measured to be (0.02 to 2.6 ms: other threads use the core for a moment) the median p99',
  '  is 2 % off. So its p99 is no miss.',
  '- A16: at 80 % load what requests take adds up over busy periods: with 0.1 ms more of CPU a request (0.3 %) the mean, p95 and p99 are within 0.4 %, and the',
  '  median within 1.5 %.',
  '- Workers of a cluster: Puma 7 at high load (C06) is less even in reality; a run of 13 connections went to one worker',
  '  while the acceptor of the other one waited for its lock; p99 rests on it. That is not all: with arrivals moved by up to 0.5 ms p99 is 0.79 to 1.07 of the measured one, but 0.85 in',
  '  the median, so too low as a rule. Over the whole run a request starts on the busier worker as often as measured in C01 to C12 (14 to 27 % of them) within 0.04.',
  '- On one core and Ruby 3.1 a holder that slept loses the lock to who has waited since before its turn. That brought the answers of C03 and C09, below, and in five of the seven',
  '  clusters measured on 3.1 the waits inside the application (C01, C02, C06, C07, C12) closer, C03 and C09 a little further off. The price: queue waits further off in five (C01 9.28 to 9.50 ms, measured 8.77; C02 10.35 to',
  '  10.28, 10.57; C03 15.11 to 14.57, 15.00; C07 4.44 to 4.83, 4.34; C12 4.49 to 4.76, 4.38) and closer in C06 alone, the p99 of C02 0.90 instead of 0.98 and of C06 0.85 instead of 0.87, the mean of C06 0.963 instead',
  '  of 0.978. Over all clusters the 90 % and the largest errors of p99 went from 7.3 and 12.8 to 10.2 and 15.1 %, of the mean from 2.3 and 3.8 to 2.0 and 3.7 %. It is kept for the mechanism, which',
  '  was seen without a server, not for these errors.',
  '- Puma 5.6 after an `h` phase: 12.9 and 17.1 % of the answers (C03, C09) wait for the lock between their two writes, 11.1 and 13.1 % in the model. Where a',
  '  thread of the process had been waiting since before the last `h` phase 54 to 59 % do, else 16 to 35 %; in the model all and none. Threads of the',
  '  same kind without a server: 84 to 95 % and 8 to 14 %, whatever Ruby code is between, 20 to 450 us (test/measured/micro/writes.rb).',
  '  After Ruby code of less than 0.1 ms the close of Puma 7 loses it in 15 to 39 % of such cases (A07, A10, A12, I01), after 1 to 2 ms and more in 90 %, so the end of',
  '  a slice is not all that decides. That is who has had less of the core: see [cores](../background/cores.md#one-core-for-all-threads-of-a-process).',
  '- `h` phases are one C call here; in the measuring application they are calls of 1 ms. As those the mean of A17 is 1.00 instead of 1.02, of the others the same within chance.',
  '- An I/O wait next to nobody lasts 27 to 50 us too long: `host.sleep_overshoot` was measured around the whole call, so it contains `host.io_call`, which comes on top here. On the other',
  '  hand a CPU phase of the measuring application takes 0.02 to 0.04 ms more than it should (mean, web33), which no replay has. In requests of two I/O and three CPU phases the two are equal;',
  '  in those of 40 I/O phases (D03 on 3.3) the first makes 1 % of the median. Without the first alone means are 0.4 % lower on average, A07 2.6 %.',
  '- From the end of the application to the answer 0.02 to 0.1 ms are missing at the median (0.09 to 0.12 simulated): the client that measures has to wake up too. From there to the',
  '  next request that waits nothing is missing, unless the run was slow ([how slow the machine was](chance.md#how-slow-the-machine-was)).',
  '- Allocation (E): each case is one course of collections. Started elsewhere in the cycle, the simulated mean moves by 3 to 5 %, p99 by up to 30 %.',
  '  E01 on 3.1 ran beside a busy second core: its Ruby code took 125 ns an object instead of 120, its server 1.4 ms instead of 0.65 before the',
  '  application. Over eight starts (22 to 38 % free slots) the means are 0.94 (E01), 0.96 (E03) and, on 3.3, 0.98; on 3.3 one of the two runs was 5 % slower than the other.',
  '  E03 (Unicorn) made 1.25 objects a string, which a trace does not say: Unicorn wraps config.ru in code of its own before it evaluates it,',
  '  so that a `frozen_string_literal` comment in its first line has no effect and each literal makes a string. About 3 % of the mean.',
  '- G01: when a hung worker is killed is chance, the same for all four of a run: 4.5 s measured, 3 to 5 s with a mean of 4 s simulated. The same four are killed by every draw.',
  '  Meanwhile the other worker is overloaded, so the latencies of everybody follow (mean 188 to 257 ms in five replications). With a draw that kills them when they were',
  '  the mean is 0.94 of the measured one and p50 0.89; the machine was slow in this run, by 0.39 ms a request, and with that put in they are 0.98 and 0.96.',
  '- I05: many clients connect at once, so where in the timer grid of the kernel it begins decides who is reset and when he tries again. Chance is not all: p99 is 0.85 and 0.87 of',
  '  the measured one in the median of the draws, and 11 and 17 requests fail where 32 did. By what more clients fail in reality is not known.',
];

function pair(real: number, simulated: number, digits: number): string {
  const text = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(digits));
  return `${text(real)} → ${text(simulated)}`;
}

function ms(value: number): string {
  return value.toPrecision(4);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
