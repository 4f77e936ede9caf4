import { describe, expect, it } from 'vitest';
import { pythonCases, simulatedLatencies } from '../support/measured-python.js';

/** Replications that the simulated figure is the mean of: which waiter gets the GIL is chance. */
const REPLICATIONS = 3;
/** How far a figure may be off. */
const TOLERANCE = 0.1;

describe('latencies of gunicorn under the GIL', () => {
  const cases = pythonCases();

  it('all measured cases are here', () => expect(cases.length).toBe(5));

  it.each(cases.map((each) => [each.name, each] as const))('%s: mean, p50 and p95', (_, measured) => {
    const simulated = Array.from({ length: REPLICATIONS }, (_, replication) =>
      simulatedLatencies(measured, replication),
    );
    for (const metric of ['mean', 'p50', 'p95'] as const) {
      const meanOf = (all: readonly { readonly [m in typeof metric]: number }[]): number =>
        all.reduce((sum, one) => sum + one[metric], 0) / all.length;
      expect(Math.abs(meanOf(simulated) / meanOf(measured.runs) - 1), metric).toBeLessThan(TOLERANCE);
    }
  });
});
