import { describe, expect, it } from 'vitest';
import { type Expression, readExpression } from '../../../src/experiment/claims/expression.js';
import { judgeClaim, type Outcome, verdictOf } from '../../../src/experiment/claims/judge.js';
import { readRange, relationTo } from '../../../src/experiment/claims/range.js';
import type { ClaimSpec } from '../../../src/experiment/claims/spec.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';

describe('a range', () => {
  it.each([
    ['> 1', 1, 2, 'across'],
    ['>= 1', 1, 2, 'inside'],
    ['> 1', 0, 1, 'outside'],
    ['>= 1', 0, 1, 'across'],
    ['< 1', 0, 0.9, 'inside'],
    ['<= 0', 0, 0, 'inside'],
    ['< 0', 0, 0, 'outside'],
    ['0.2 .. 0.3', 0.2, 0.3, 'inside'],
    ['0.2 .. 0.3', 0.1, 0.25, 'across'],
    ['0.2 .. 0.3', 0.31, 0.4, 'outside'],
    ['-1 .. 1', -2, 2, 'across'],
  ])('%s and the interval [%d, %d]: %s', (text, low, high, relation) => {
    expect(relationTo(readRange(text)!, low, high)).toBe(relation);
  });

  it.each(['1', '= 1', '> x', '3 .. 2', '>', '1 ... 2', ''])('"%s" is none', (text) => {
    expect(readRange(text)).toBeNull();
  });
});

describe('the verdict', () => {
  const cases: [Outcome[], string][] = [
    [['holds'], 'confirmed'],
    [['holds', 'holds'], 'confirmed'],
    [['holds', 'fails'], 'qualified'],
    [['holds', 'undecided'], 'qualified'],
    [['undecided', 'holds'], 'qualified'],
    [['fails', 'holds'], 'refuted'],
  ];
  it.each(cases)('of %j is %s', (outcomes, verdict) => {
    expect(verdictOf(outcomes)).toBe(verdict);
  });
});

/** Replications with one run metric, one value each. */
function replications(variant: string, values: readonly number[]): ReplicationResult[] {
  return values.map(
    (value, replication) =>
      ({
        variant,
        replication,
        metrics: [],
        runValues: [{ className: 'all', metric: 'throughput_per_s', statistic: 'mean', value }],
      }) as unknown as ReplicationResult,
  );
}

function claim(expect: string): ClaimSpec {
  const value = readExpression('throughput_per_s @b / throughput_per_s @a') as Expression;
  return {
    id: 'Z01',
    says: '',
    means: '',
    note: '',
    checks: [{ figure: '', unit: 'ratio', value, expect: readRange(expect)! }],
  };
}

describe('a claim is judged by the interval of its figure', () => {
  const runs = [...replications('a', [10, 20, 30]), ...replications('b', [20.2, 40.2, 60.9])];

  it('which keeps what the variants have in common', () => {
    const { verdict, figures } = judgeClaim(claim('1.9 .. 2.1'), runs, 0.95);
    expect(verdict).toBe('confirmed');
    expect(figures[0]!.measured).toBeCloseTo(2.02, 1);
    expect(figures[0]!.interval!.high - figures[0]!.interval!.low).toBeLessThan(0.3);
  });

  it('and is undecided without one', () => {
    const one = [...replications('a', [10]), ...replications('b', [20])];
    const { verdict, figures } = judgeClaim(claim('> 1'), one, 0.95);
    expect([verdict, figures[0]!.outcome, figures[0]!.measured]).toEqual(['qualified', 'undecided', 2]);
    expect(figures[0]!.method).toBe('one replication: no interval');
  });
});
