import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import { exponentialServer, THREE_REQUESTS } from '../scenarios.js';

const signal = ({ timeSeries }: ReplicationResult, name: string): number[] =>
  Array.from(timeSeries.signals.find((one) => one.name === name)!.values);

describe('time series', () => {
  it('show levels at the sample and averages since the one before', () => {
    const run = { ...THREE_REQUESTS.run, sampleEveryNs: 5_000_000 };
    const result = runReplication(THREE_REQUESTS.configurations[0]!, run, 0);
    // 0-10 ms: a; 10-20 ms: b, which came at 4 ms; 30-40 ms: c
    expect(Array.from(result.timeSeries.timesNs, (ns) => ns / 1e6)).toEqual([5, 10, 15, 20, 25, 30, 35]);
    expect(signal(result, 'in_system_count')).toEqual([2, 1, 1, 0, 0, 1, 1]);
    expect(signal(result, 'core_utilisation_ratio')).toEqual([1, 1, 1, 1, 0, 0, 1]);
    expect(signal(result, 'departures_per_s')).toEqual([0, 200, 0, 200, 0, 0, 0]);
    expect(signal(result, 'arrivals_per_s')).toEqual([400, 0, 0, 0, 0, 200, 0]);
  });

  it('of a run whose length is known have round intervals and at most 200 samples while the load lasts', () => {
    const spec = exponentialServer({ load: '{open: {rate: 20/s}}', run: '{duration: 90s}' });
    const { timeSeries } = runReplication(spec.configurations[0]!, spec.run, 0);
    expect(timeSeries.intervalNs).toBe(500_000_000);
    expect(timeSeries.timesNs.filter((ns) => ns <= 90e9).length).toBeLessThanOrEqual(200);
  });

  it('of a run of unknown length have 100 to 500 samples, the same as if their interval had been asked for', () => {
    for (const requests of [300, 5_000]) {
      const spec = exponentialServer({ load: '{open: {rate: 80/s}}', run: `{requests: ${requests}}` });
      const { timeSeries } = runReplication(spec.configurations[0]!, spec.run, 0);
      expect(timeSeries.timesNs.length).toBeGreaterThanOrEqual(99);
      expect(timeSeries.timesNs.length).toBeLessThanOrEqual(500);
      const asked = { ...spec.run, sampleEveryNs: timeSeries.intervalNs };
      expect(runReplication(spec.configurations[0]!, asked, 0).timeSeries).toEqual(timeSeries);
    }
  });
});
