import { describe, expect, it } from 'vitest';
import { compareWithBaseline } from '../../../src/experiment/estimates/compare.js';
import { summarise } from '../../../src/experiment/estimates/summarise.js';
import { resultOf } from '../summaries.js';

/** 97.5 % quantile of Student's t with 2 degrees of freedom, from printed tables. */
const T_2 = 4.302653;

describe('summary', () => {
  const rows = summarise(resultOf({ a: [10, 12, 14], b: [20, 20, 20] }));
  const row = (variant: string, statistic: string, metric = 'latency_ms') =>
    rows.find((one) => one.variant === variant && one.statistic === statistic && one.metric === metric)!;

  it('is the mean of the replications with its t interval', () => {
    const mean = row('a', 'mean');
    expect(mean).toMatchObject({ n: 300_000, estimate: 12, ciLevel: 0.95, method: 't over 3 replications' });
    expect(mean.ciHigh! - 12).toBeCloseTo((T_2 * 2) / Math.sqrt(3), 5);
    expect(12 - mean.ciLow!).toBeCloseTo((T_2 * 2) / Math.sqrt(3), 5);
  });

  it('has the extremes over all replications, without interval', () => {
    expect(row('a', 'max')).toMatchObject({ estimate: 15, ciLow: null, ciHigh: null, ciLevel: null });
    expect(row('a', 'min')).toMatchObject({ estimate: 9, ciLow: null });
    expect(row('a', 'max').method).toContain('no interval');
  });

  it('counts replications for metrics of the run', () => {
    expect(row('b', 'mean', 'throughput_per_s')).toMatchObject({ n: 3, estimate: 11 });
  });

  it('withholds intervals of quantiles with too few observations beyond them', () => {
    const few = summarise(resultOf({ a: [10, 12, 14] }, 2_000));
    const find = (statistic: string) => few.find((one) => one.statistic === statistic)!;
    expect(find('p99').ciLow).not.toBeNull(); // 20 beyond
    // Each replication has all its values in one place, so that of all together the highest thousandth is in the highest of them.
    expect(find('p999').estimate).toBeCloseTo(14, 5);
    expect(find('p999')).toMatchObject({ ciLow: null, ciHigh: null }); // 2 beyond
    expect(find('p999').method).toContain('beyond the quantile');
  });

  it('has no interval from one replication, and no estimate from nothing', () => {
    expect(summarise(resultOf({ a: [10] }))[0]).toMatchObject({ estimate: 10, ciLow: null });
    expect(summarise(resultOf({ a: [Number.NaN, Number.NaN] }, 0))[0]).toMatchObject({
      estimate: null,
      ciLow: null,
      method: 'not observed',
    });
  });
});

describe('comparison', () => {
  it('pairs replications: what moves both alike does not widen the interval', () => {
    const rows = compareWithBaseline(resultOf({ a: [10, 50, 90], b: [9, 48.9, 89.1] }));
    const mean = rows.find(({ statistic }) => statistic === 'mean')!;
    expect(mean).toMatchObject({ baseline: 'a', variant: 'b', verdict: 'lower' });
    expect(mean.difference).toBeCloseTo(-1, 12);
    expect(mean.ciHigh! - mean.difference!).toBeCloseTo((T_2 * 0.1) / Math.sqrt(3), 5);
    expect(mean.ratio).toBeLessThan(1);
    expect(mean.ratioCiLow!).toBeLessThan(mean.ratio!);
  });

  it('is undecided when the interval contains zero', () => {
    const rows = compareWithBaseline(resultOf({ a: [10, 50, 90], b: [12, 45, 96] }));
    expect(rows.find(({ statistic }) => statistic === 'mean')!.verdict).toBe('undecided');
  });

  it('has a row for every variant but the baseline', () => {
    const rows = compareWithBaseline(resultOf({ a: [1, 2], b: [3, 5], c: [2, 2] }));
    expect(new Set(rows.map(({ variant }) => variant))).toEqual(new Set(['b', 'c']));
  });

  it('decides nothing where the statistic itself has no interval', () => {
    const rows = compareWithBaseline(resultOf({ a: [10, 10.1, 10.2], b: [20, 20.1, 20.2] }, 2_000));
    const find = (statistic: string) => rows.find((one) => one.statistic === statistic)!;
    expect(find('p99').verdict).toBe('higher');
    expect(find('p999')).toMatchObject({ ciLow: null, ratioCiLow: null, verdict: 'undecided' });
    expect(find('max')).toMatchObject({ ciLow: null, verdict: 'undecided' });
    expect(find('max').difference).toBeCloseTo(10, 12);
  });

  it('uses the replications that both have', () => {
    const result = resultOf({ a: [10, 20, 30], b: [11, 21, 31] });
    const broken = { ...result, complete: false, replications: result.replications.slice(0, 5) };
    const mean = compareWithBaseline(broken).find(({ statistic }) => statistic === 'mean')!;
    expect(mean).toMatchObject({ difference: 1, method: 'paired t over 2 replications' });
  });
});
