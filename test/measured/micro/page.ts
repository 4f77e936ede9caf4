import { FIGURES, type Figure } from './figures.js';
import { KNOWN_DIFFERENCES, keyOf, REASONS } from './known-differences.js';
import { simulate } from './simulated.js';

const HEAD = `# Locks: micro-tests against the model

<!-- Made by npx vitest run test/measured/micro -u. Do not edit. -->

Small Ruby programs that measure one property of the Global VM Lock each, and the same loops on the simulated locks with the
costs that every scenario for such a host has by default. "Hog": a thread that counts. "Trip": \`wait_readable(0)\` on a ready
pipe, a blocking call that returns at once. {0.5 ms; trip}: a loop, and the mean length of an iteration. Medians unless stated
otherwise.

*Accepted* is what counts as equal: the spread that was measured (p10 to p90, repeats), the rounding of the printed figure, and what
is known of the lateness of timers; [figures.ts](../../test/measured/micro/figures.ts) says how for each, and where the
figures come from. Series 1: other load of 1.1 to 1.4 on the machine, one run. Series 2: a quiet machine. A note is given where the
model misses; that it still does, and by how much, is tested.
`;

const TAIL = `## Order

Four waiters behind one owner get the lock in the order in which they came, and three hogs take turns in strict rotation, on both
versions, as measured (T8: 6 of 6 runs; T10).

Not compared: \`RUBY_MN_THREADS=1\`, which is not modelled.
`;

/** docs/validation/locks.md */
export function locksPage(): string {
  const tables = Object.entries(FIGURES).map(([title, figures]) => `## ${title}\n\n${table(figures)}\n`);
  const reasons = Object.entries(REASONS).map(([reason, text]) => `- **${reason}** ${text}`);
  return [HEAD, summary(), ...tables, TAIL, `## Notes\n\n${reasons.join('\n')}\n`].join('\n');
}

function summary(): string {
  const all = Object.values(FIGURES).flat();
  const missed = all.filter((figure) => KNOWN_DIFFERENCES[keyOf(figure)] !== undefined).length;
  return `${all.length} figures: ${all.length - missed} met, ${missed} missed.\n`;
}

function table(figures: readonly Figure[]): string {
  const head =
    '| test | Ruby | cores | series | unit | measured | accepted | simulated | note |\n|---|---|---|---|---|---|---|---|---|';
  return [head, ...figures.map(row)].join('\n');
}

function row(figure: Figure): string {
  const { name, ruby, cores, source, unit, measured, low, high } = figure;
  const accepted = `${Math.max(0, low).toFixed(2)} to ${high.toFixed(2)}`;
  const note = KNOWN_DIFFERENCES[keyOf(figure)]?.reason ?? '';
  const series = source === 'first' ? 1 : 2;
  return `| ${[name, ruby, cores, series, unit, measured, accepted, simulate(figure), note].join(' | ')} |`;
}
