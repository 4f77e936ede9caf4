import { describe, expect, it } from 'vitest';
import { nextReplications, precisionOf } from '../../../src/experiment/estimates/precision.js';
import { runExperiment } from '../../../src/experiment/run-experiment.js';
import { exponentialServer } from '../scenarios.js';

const wanted = (relative: string, most: number) =>
  exponentialServer({
    load: '{open: {rate: 50/s}}',
    run: `{requests: 1000, precision: {metric: latency_ms mean, relative: ${relative}}, max_replications: ${most}}`,
  });

describe('a run with a precision', () => {
  it('goes on until the interval is narrow enough, and is the same for any number of tasks at a time', async () => {
    const rounds: number[] = [];
    const spec = wanted('4%', 200);
    const result = await runExperiment(spec, {
      started: ({ tasks, isRepeated }) => {
        if (!isRepeated) rounds.push(tasks.length);
      },
    });
    expect(rounds[0]).toBe(10);
    expect(rounds.length).toBeGreaterThan(1);
    expect(rounds.reduce((a, b) => a + b, 0)).toBe(result.replications.length);
    expect(precisionOf(result)).toMatchObject({ next: null });
    expect(precisionOf(result)!.worst!.relative!).toBeLessThanOrEqual(0.04);
    expect(result.complete).toBe(true);
    expect(await runExperiment(spec, { concurrency: 3 })).toEqual(result);
  });

  it('ends at the most that is allowed', async () => {
    const result = await runExperiment(wanted('0.1%', 12));
    expect(result.replications).toHaveLength(12);
    expect(precisionOf(result)!.worst!.relative!).toBeGreaterThan(0.001);
  });
});

describe('the number of replications by the next look', () => {
  it.each([
    [10, 1.2, 15], // 14.4 are expected, and a look comes after five at the earliest
    [10, 1.35, 19],
    [10, 5, 20], // never more than twice as many
    [190, 3, 200],
  ])('%i replications, %d times too wide: %i', (now, distance, next) => {
    expect(nextReplications(now, distance, 200)).toBe(next);
  });
});
