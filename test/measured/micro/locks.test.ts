import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { us } from '../../support/phases.js';
import { FIGURES, type Figure } from './figures.js';
import { KNOWN_DIFFERENCES, keyOf } from './known-differences.js';
import { orderOfService, rotates, waitAfterSleep } from './loops.js';
import { locksPage } from './page.js';
import { hangsOnShare, isMet, isTooWide, outcomeOf, simulate } from './simulated.js';

const all = Object.values(FIGURES).flat();
const known = (figure: Figure) => KNOWN_DIFFERENCES[keyOf(figure)];
const named = (figures: readonly Figure[]) => figures.map((figure) => [keyOf(figure), figure] as const);

describe('micro-tests of the lock', () => {
  it.each(named(all.filter((figure) => known(figure) === undefined)))('%s is what was measured', (_, figure) => {
    const simulated = simulate(figure);
    expect(isMet(simulated), JSON.stringify(simulated)).toBe(true);
  });

  it.each(named(all.filter((figure) => known(figure) !== undefined)))('%s is missed as stated', (_, figure) => {
    const simulated = simulate(figure);
    expect(simulated.value).toBe(known(figure)!.simulated);
    expect(outcomeOf(figure), 'met by now: take it off the list').toBe('missed');
  });

  it('what constants were taken from is not counted as met', () => {
    const inputs = all.filter((figure) => outcomeOf(figure) === 'input').map(keyOf);
    expect(inputs).toEqual([
      '3.1, 2, first: T2 slice of 2 hogs',
      '3.3, 2, second: slice of 2 hogs',
      '3.3, 1, second: slice of 2 hogs',
      '3.3, 2, second: gap from release to next owner',
      '3.3, 1, second: gap from release to next owner',
      '3.1, 2, first: T5 ping-pong, one way',
      '3.3, 2, first: T5 ping-pong, one way',
      '3.3, 1, second: ping-pong, one way',
      '3.1, 2, first: T5 trip without contention',
      '3.3, 2, first: T5 trip without contention',
      '3.3, 2, second: {8 us; trip} of 2 threads',
      '3.3 M:N, 2, first: T5 trip without contention',
    ]);
  });

  it('nor what repeats leave open', () => {
    const working = all.find(({ ruby, name }) => ruby === '3.1' && name === 'T6b {12 us; trip} of 2 threads')!;
    expect([working.low, working.high].map((value) => Number(value.toFixed(2)))).toEqual([14.83, 29.91]);
    expect(outcomeOf(working)).toBe('not decided');
    const met = all.filter((figure) => outcomeOf(figure) === 'met');
    expect(met.filter((figure) => isTooWide(figure, simulate(figure).accepted))).toEqual([]);
  });

  it('nor what is inside only with a share of interruptions that was estimated from it', () => {
    const hanging = all.filter(({ source }) => source === 'first').filter(hangsOnShare);
    expect(
      hanging.map((figure) => `${keyOf(figure)} ${outcomeOf(figure)}`).filter((text) => !text.endsWith('missed')),
    ).toEqual([
      '3.1, 2, first: T7 k = 5 {6; 3} p99 not decided',
      '3.1, 2, first: T7 k = 5 {6; 30} p99 not decided',
      '3.3, 2, first: T7 k = 2 {6; 3} p95 not decided',
      '3.3, 2, first: T7 k = 2 {6; 3} p99 not decided',
      '3.3, 2, first: T7 k = 3 {6; 3} p95 not decided',
      '3.3, 2, first: T7 k = 5 {6; 3} p95 not decided',
      '3.3, 2, first: T7 k = 5 {6; 3} p99 not decided',
    ]);
  });

  it('every figure has a name of its own, every known difference a figure', () => {
    const keys = all.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.keys(KNOWN_DIFFERENCES).filter((key) => !keys.includes(key))).toEqual([]);
  });

  it.each(['3.1', '3.3'] as const)('Ruby %s: first come, first served, and strict rotation', (ruby) => {
    for (const cores of [1, 2] as const) {
      expect(orderOfService({ ruby, cores })).toEqual([1, 2, 3, 4]);
      expect(rotates({ ruby, cores }, 3)).toBe(true);
    }
  });

  /**
   * Whether the deadline is renewed is a race between the thread that gave way and the one that took over, which is back at sleep soon. The
   * waiter that takes over has slept for milliseconds and needs the usual 45 us, which are added again.
   */
  it.each([5, 10, 20])('Ruby 3.1: where a wake-up takes %i us, the deadline is not renewed', (wakeLatencyUs) => {
    const onGrid = all.filter(
      ({ ruby, name }) => ruby === '3.1' && /T1 wait after sleep [369]0|priority 1$/.test(name),
    );
    expect(onGrid.length).toBe(4);
    for (const figure of onGrid) {
      const { value, accepted } = simulate({ ...figure, wakeLatencyNs: us(wakeLatencyUs) });
      const addedMs = (45 - wakeLatencyUs) / 1000;
      expect(isMet({ value: value + addedMs, accepted }), `${keyOf(figure)}: ${value}`).toBe(true);
    }
  });

  /** 7 to 64 us were measured under load: the figure is not reproduced by any one of them, but by where in that range it is. */
  it.each([
    [7, 70.05],
    [49, 70.05],
    [50, 100.25],
    [64, 100.25],
  ])('Ruby 3.1, loaded: where a wake-up takes %i us, a sleeper waits %d ms', (wakeLatencyUs, waitMs) => {
    const wake = { wakeLatencyNs: us(wakeLatencyUs), warmWakeLatencyNs: us(wakeLatencyUs) };
    expect(waitAfterSleep({ ruby: '3.1', cores: 2, ...wake }, 30)).toBeCloseTo(waitMs, 1);
  });

  /** A known difference: 1658 calls at 21 us, 369 measured. */
  it('Ruby 3.1: where a wake-up takes 5 us, trips next to a hog come near what was measured', () => {
    const trips = all.find(({ ruby, name }) => ruby === '3.1' && name.startsWith('T4 '))!;
    expect(simulate({ ...trips, wakeLatencyNs: us(5) }).value).toBe(410);
  });

  it('docs/validation/README.md gives the same counts', () => {
    const count = (outcome: string) => all.filter((figure) => outcomeOf(figure) === outcome).length;
    const row = readFileSync('docs/validation/README.md', 'utf8').match(/^\| micro-tests \|.*$/m)?.[0];
    expect(row?.match(/\d+/g)?.map(Number)).toEqual([
      all.length,
      count('met'),
      count('missed'),
      count('not decided'),
      count('input'),
    ]);
  });

  it('docs/validation/locks.md is up to date', async () => {
    await expect(locksPage()).toMatchFileSnapshot('../../../docs/validation/locks.md');
  });
});
