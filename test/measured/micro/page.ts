import { FIGURES, type Figure } from './figures.js';
import { KNOWN_DIFFERENCES, keyOf } from './known-differences.js';
import { hangsOnShare, isMetAt, type Outcome, outcomeOf, simulate } from './simulated.js';

const HEAD = `# Locks: micro-tests against the model

<!-- Made by npx vitest run test/measured/micro -u. Do not edit. -->

Small Ruby programs that measure one property of the Global VM Lock each, and the same loops on the simulated locks with the
costs that every scenario for such a host has by default. "Hog": a thread that counts. "Trip": \`wait_readable(0)\` on a ready
pipe, a blocking call that returns at once. {0.5 ms; trip}: a loop, and the mean length of an iteration. Medians unless stated
otherwise.

*Accepted* is what counts as equal: the spread that was measured (p10 to p90, repeats), the rounding of the printed figure, and what
is known of the lateness of timers; [figures.ts](../../test/measured/micro/figures.ts) says how for each, and where the
figures come from. Series 1: a load of 1.1 to 1.4 on the machine, one run. Series 2: a quiet machine. Series 3: both cores wanted
by other programs, three runs.

*Outcome*:

- **met**: inside of what is accepted;
- **missed**: outside; listed at the end with what is known of the reason. That it still is, and by how much, is tested;
- **not decided**: inside, but what is accepted reaches further than a tenth of the measured value to both sides, as repeats differ so much; or a tail of
  series 1 that is inside only with the share of interruptions that was estimated from such tails. No evidence for the model, nor against it;
- **input**: a constant of the model, or what the replay is given, was taken from this figure. That it comes out again says nothing of the
  model.

## How tails are compared

Tails of closed loops (T7) are made by interruptions: another program takes the core for 1.5 to 4 ms. How often that happened was measured with one
thread alone ([noise.ts](../../test/measured/micro/noise.ts)), where nobody competes for the lock, and 40 replays draw bursts and sleeps from there.

- Series 1: interruptions were not measured in its hour. All of its rows are replayed with 0.3 of those at a load of 0.4, the nearest that was measured. That share is
  estimated from the figures themselves, one number for all of both versions (least squares, see noise.ts). So what is inside with that share and would be outside with none of
  the interruptions, or with all of them, is not counted as met. Accepted is the measured value with its precision and, to both sides, where one more replay lies in 95 % of cases (t of 39 degrees of freedom).
- Series 3: interruptions as in the same hour. Accepted is Welch's interval of 95 % about the mean of the three runs, from how the runs scatter
  and how the replays do, and nothing else; the table shows the median of the runs.

That the machine interrupts more in one run than in the next is not in the model of the interruptions, whose draws are independent: the three runs
scatter more than replays do, and with three of them the interval is wide. p50, p90, p95 and p99 of a row come from the same runs: they are met or
missed together, and are not that many independent figures. Of twenty figures that the model has right, one is missed by chance.
`;

const TRIPS = `A trip without contention has no cost in the lock: it is part of the CPU time of whoever makes it. The loops are given it as measured with one
thread (0.49 and 0.40 us), so that T5 only compares two measurements.

How long it takes to wake a thread that has hardly slept differs by hours and machines, by a factor of five. Series 1 on two cores is replayed with the median of what T5
measured there and in the repeats (20.7 us on 3.1, 19.2 on 3.3), the others with the default, which was measured in series 2 (30 us, the median of
{8 us; trip} of two threads; its three runs are from 28.7 to 32.2, but what is accepted of the other loops of that series is their own spread alone).
`;

const TAIL = `## Order

Four waiters behind one owner get the lock in the order in which they came, and three hogs take turns in strict rotation, on both
versions, as measured (T8: 6 of 6 runs; T10).

M:N: \`RUBY_MN_THREADS=1\`. Its ping-pong (T5, 3.0 us, 0.48 to 0.51 in six repeats) is not compared: it is the Ruby code of two queues, which the loops leave out.
Of T6b of two threads four of six repeats exceed one thread alone by 5 us and more, the model by 0.04; the other repeats and the first run do not, so it is not decided.
`;

/** docs/validation/locks.md */
export function locksPage(): string {
  const tables = Object.entries(FIGURES).map(([title, figures]) => `## ${title}\n\n${table(figures)}\n`);
  return [HEAD, levels(), TRIPS, summary(), ...tables, TAIL, missed()].join('\n');
}

/** What the choice of one level decides. */
function levels(): string {
  const tails = all().filter(({ name, source }) => source === 'first' && name.startsWith('T7 '));
  const [none, hardly, calm, busy] = (['none', 'hardly', 'calm', 'busy'] as const).map(
    (machine) => tails.filter((figure) => isMetAt(machine, figure)).length,
  );
  const hanging = tails.filter((figure) => isMetAt('hardly', figure) && hangsOnShare(figure)).length;
  return `Of the ${tails.length} figures of T7 in series 1, ${hardly} are inside with that share, and as many with any from 0.15 to 0.4; with all interruptions at a load of 0.4 it would
be ${calm}, with none at all ${none}, and ${busy} with those of series 3. ${hanging} of the ${hardly} hang on the share and are not decided. So the tails say more of the interruptions
than of the lock, the medians of the lock.
`;
}

const OUTCOMES: readonly Outcome[] = ['met', 'missed', 'not decided', 'input'];

const all = (): readonly Figure[] => Object.values(FIGURES).flat();

const withOutcome = (figures: readonly Figure[], outcome: Outcome): readonly Figure[] =>
  figures.filter((figure) => outcomeOf(figure) === outcome);

function summary(): string {
  const counts = OUTCOMES.map((outcome) => `${withOutcome(all(), outcome).length} ${outcome}`);
  const rows = Object.entries(SERIES).map(([source, series]) => {
    const figures = all().filter((figure) => figure.source === source);
    const cells = OUTCOMES.map((outcome) => withOutcome(figures, outcome).length);
    return `| ${[series, figures.length, ...cells].join(' | ')} |`;
  });
  const head = `| series | figures | ${OUTCOMES.join(' | ')} |\n|---|---|---|---|---|---|`;
  return `## Count\n\n${all().length} figures: ${counts.slice(0, -1).join(', ')}, ${counts.at(-1)}.\n\n${head}\n${rows.join('\n')}\n`;
}

function table(figures: readonly Figure[]): string {
  const head =
    '| test | Ruby | cores | series | unit | measured | accepted | simulated | outcome |\n|---|---|---|---|---|---|---|---|---|';
  return [head, ...figures.map(row)].join('\n');
}

function row(figure: Figure): string {
  const { name, ruby, cores, source, unit, measured } = figure;
  const simulated = simulate(figure);
  const [low, high] = simulated.accepted;
  const accepted = `${Math.max(0, low).toFixed(2)} to ${high.toFixed(2)}`;
  const cells = [name, ruby, cores, SERIES[source], unit, measured, accepted, simulated.value, outcomeOf(figure)];
  return `| ${cells.join(' | ')} |`;
}

const SERIES = { first: 1, second: 2, third: 3 } as const;

function missed(): string {
  const rows = withOutcome(all(), 'missed').map((figure) => {
    const { name, ruby, unit, measured } = figure;
    const { value } = simulate(figure);
    return `- **${name}**, Ruby ${ruby}: ${measured} ${unit} measured, ${value} simulated. ${KNOWN_DIFFERENCES[keyOf(figure)]?.why}`;
  });
  return `## Missed\n\n${rows.join('\n')}\n\n${TWO_WAYS}`;
}

const TWO_WAYS = `## Two ways to wait on 3.1

After a forced switch the deadline of 100 ms is renewed if the thread that gave way comes back to a free lock, because the one that took over is
back at sleep already; else the old one goes on. In the first case a sleeper waits 100.2 ms whatever its sleep, in the second 100 ms minus its sleep.
Which of the two is a race of microseconds; one run had both. With I/O calls of 50 us and wake-ups of 21 us or the default of 30 the model is in the second
case, and up to 49 us; from 50 us on, as on a loaded machine, in the first. The rows of T3 on 3.1 are those of the second kind: 100 ms (200 ms
for priority 1) were printed as well.
`;
