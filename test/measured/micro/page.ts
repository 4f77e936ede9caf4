import { FIGURES, type Figure } from './figures.js';
import { KNOWN_DIFFERENCES, keyOf } from './known-differences.js';
import { type Simulated, simulate } from './simulated.js';

const HEAD = `# Locks: micro-tests against the model

<!-- Made by npx vitest run test/measured/micro -u. Do not edit. -->

Small Ruby programs that measure one property of the Global VM Lock each, and the same loops on the simulated locks with the
costs that every scenario for such a host has by default. "Hog": a thread that counts. "Trip": \`wait_readable(0)\` on a ready
pipe, a blocking call that returns at once. {0.5 ms; trip}: a loop, and the mean length of an iteration. Medians unless stated
otherwise.

*Accepted* is what counts as equal: the spread that was measured (p10 to p90, repeats), the rounding of the printed figure, and what
is known of the lateness of timers; [figures.ts](../../test/measured/micro/figures.ts) says how for each, and where the
figures come from. Series 1: other load of 1.1 to 1.4 on the machine, one run. Series 2: a quiet machine. Series 3: both cores wanted
by other programs, three runs. What the model misses is marked with an asterisk, and listed at the end; that it still does, and by how much,
is tested.

Tails of closed loops are made by interruptions: another program takes the core for 1.5 to 4 ms. How often that happened was measured with one
thread alone ([noise.ts](../../test/measured/micro/noise.ts)), where nobody competes for the lock, and the replays draw bursts and sleeps from
there. It was measured for series 3. For series 1 it is not known; there the simulated figure is a range, from no interruptions to those of
series 3. A quantile of some hundred iterations is a matter of chance, too: 99 % of what scatters between replays of equal length is accepted.

A trip without contention has no cost in the lock: it is part of the CPU time of whoever makes it. The loops are given it as measured with one
thread (0.49 and 0.40 us), so that T5 only compares two measurements.
`;

const TAIL = `## Order

Four waiters behind one owner get the lock in the order in which they came, and three hogs take turns in strict rotation, on both
versions, as measured (T8: 6 of 6 runs; T10).

M:N: \`RUBY_MN_THREADS=1\`. Its ping-pong (T5, 3.0 us) is not compared: the cost of a hand-off was taken from it.
`;

/** docs/validation/locks.md */
export function locksPage(): string {
  const tables = Object.entries(FIGURES).map(([title, figures]) => `## ${title}\n\n${table(figures)}\n`);
  return [HEAD, summary(), ...tables, TAIL, missed()].join('\n');
}

function summary(): string {
  const all = Object.values(FIGURES).flat();
  const missed = all.filter((figure) => KNOWN_DIFFERENCES[keyOf(figure)] !== undefined).length;
  return `${all.length} figures: ${all.length - missed} met, ${missed} missed.\n`;
}

function table(figures: readonly Figure[]): string {
  const head =
    '| test | Ruby | cores | series | unit | measured | accepted | simulated |\n|---|---|---|---|---|---|---|---|';
  return [head, ...figures.map(row)].join('\n');
}

function row(figure: Figure): string {
  const { name, ruby, cores, source, unit, measured } = figure;
  const simulated = simulate(figure);
  const [low, high] = simulated.accepted;
  const accepted = `${Math.max(0, low).toFixed(2)} to ${high.toFixed(2)}`;
  const mark = KNOWN_DIFFERENCES[keyOf(figure)] === undefined ? '' : ' *';
  const cells = [name, ruby, cores, SERIES[source], unit, measured, accepted, text(simulated) + mark];
  return `| ${cells.join(' | ')} |`;
}

const SERIES = { first: 1, second: 2, third: 3 } as const;

const text = ({ low, high }: Simulated): string => (low === high ? `${low}` : `${low} to ${high}`);

function missed(): string {
  const rows = Object.values(FIGURES)
    .flat()
    .filter((figure) => KNOWN_DIFFERENCES[keyOf(figure)] !== undefined)
    .map((figure) => {
      const { name, ruby, unit, measured } = figure;
      const simulated = text(simulate(figure));
      return `- **${name}**, Ruby ${ruby}: ${measured} ${unit} measured, ${simulated} simulated. ${KNOWN_DIFFERENCES[keyOf(figure)]!.why}`;
    });
  return `## Missed\n\n${rows.join('\n')}\n\n${TWO_WAYS}`;
}

const TWO_WAYS = `## Two ways to wait on 3.1

After a forced switch the deadline of 100 ms is renewed if the thread that gave way comes back to a free lock, because the one that took over is
back at sleep already; else the old one goes on. In the first case a sleeper waits 100.2 ms whatever its sleep, in the second 100 ms minus its sleep.
Which of the two is a race of microseconds; one run had both. With I/O calls of 50 us and a wake-up of 30 us the model is in the second case; with wake-ups
of 60 us, as on a loaded machine, in the first.
`;
