import { describe, expect, it } from 'vitest';
import { againstBest } from '../../src/statistics/best.js';
import { comparePaired } from '../../src/statistics/paired.js';
import { twoSidedT } from '../../src/statistics/student.js';
import { normals } from './normals.js';

describe('all against the best', () => {
  it('is the plain paired comparison for two', () => {
    const [a, b] = [
      [10, 12, 15],
      [11, 13.2, 15.9],
    ];
    const [first, second] = againstBest([a!, b!], { level: 0.95 });
    const { difference, verdict } = comparePaired(b!, a!, 0.95);
    expect(second!.difference.interval!.low).toBeCloseTo(difference.interval!.low, 12);
    expect(second!.difference.interval!.high).toBeCloseTo(difference.interval!.high, 12);
    expect(verdict).toBe('higher');
    expect([first!.verdict, second!.verdict]).toEqual(['best', 'worse']);
    expect([first!.other, second!.other]).toEqual([1, 0]);
  });

  it('widens the intervals for several', () => {
    const values = [
      [10, 11, 12],
      [10.3, 11.4, 12.2],
      [30, 33, 36],
    ];
    const judged = againstBest(values, { level: 0.95 });
    const t = twoSidedT(1 - 0.05 / 3, 2);
    expect(judged[1]!.difference.interval!.halfWidth).toBeCloseTo((t * 0.1) / Math.sqrt(3), 10);
    expect(judged.map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided', 'worse']);
    expect(judged[0]!.difference.method).toContain('Bonferroni over 3');
  });

  it('takes the largest for the best where more is better', () => {
    const values = [
      [10, 11, 12],
      [30, 31.1, 32.1],
      [20, 21.2, 22],
    ];
    const more = againstBest(values, { level: 0.95, better: 'higher' });
    expect(more.map(({ verdict }) => verdict)).toEqual(['worse', 'best', 'worse']);
    expect(more.map(({ other }) => other)).toEqual([1, 2, 1]);
    expect(more[0]!.difference.estimate).toBeCloseTo(-20.066_667, 5);
    const less = againstBest(
      values.map((ofOne) => ofOne.map((value) => -value)),
      { level: 0.95 },
    );
    more.forEach(({ difference }, k) => {
      expect(difference.interval!.low).toBeCloseTo(-less[k]!.difference.interval!.high, 12);
      expect(difference.interval!.high).toBeCloseTo(-less[k]!.difference.interval!.low, 12);
    });
  });

  it('counts replications in which something happened exactly', () => {
    const [always, never] = [Array(8).fill(1), Array(8).fill(0)];
    const [first, second] = againstBest([always, never], { level: 0.95, areEvents: true });
    expect([first!.verdict, second!.verdict]).toEqual(['worse', 'best']);
    expect(first!.difference.interval!.low).toBeCloseTo(2 * 0.0125 ** (1 / 8) - 1, 9);
  });

  it('says nothing of one configuration or one replication', () => {
    expect(againstBest([[1, 2, 3]], { level: 0.95 })).toEqual([]);
    expect(againstBest([[1], [2]], { level: 0.95 })).toEqual([]);
  });

  it('is wrong about any of four in at most 5 % of experiments, whatever they have in common', () => {
    const means = [10, 10, 10.5, 12];
    const draw = normals(7);
    const experiments = 2000;
    let wrong = 0;
    for (let experiment = 0; experiment < experiments; experiment++) {
      const common = Array.from({ length: 8 }, () => 3 * draw());
      const values = means.map((mean) => common.map((shared) => mean + shared + draw()));
      const isRight = againstBest(values, { level: 0.95 }).every(({ difference }, k) => {
        const truth = means[k]! - Math.min(...means.filter((_, j) => j !== k));
        return difference.interval!.low <= truth && truth <= difference.interval!.high;
      });
      if (!isRight) wrong++;
    }
    // Binomial: three standard deviations above 5 %.
    expect(wrong / experiments).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / experiments));
  });
});
