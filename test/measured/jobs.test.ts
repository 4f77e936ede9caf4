import { describe, expect, it } from 'vitest';
import { jobCases, simulatedJobsPerSec } from '../support/measured-jobs.js';

/** How far the throughput may be off, by server. */
const TOLERANCE = { sidekiq: 0.05, resque: 0.08 } as const;

/**
 * Cases that the model misses, with the ratio it gives: 25 threads with empty jobs stood still for 1 to 6 ms a hundred
 * times in 0.8 s, half of it in collections, the rest without known cause; 5 threads did not.
 */
const KNOWN_MISSES: Readonly<Record<string, readonly [number, number]>> = { sk_noop_c25: [1.3, 1.5] };

describe('jobs per second of Sidekiq and Resque that drain a backlog', () => {
  const cases = jobCases();

  it('all measured cases are here', () => expect(cases.length).toBe(24));

  it.each(cases.filter(({ name }) => !(name in KNOWN_MISSES)).map((each) => [each.name, each] as const))(
    '%s',
    (_, each) => {
      const ratio = simulatedJobsPerSec(each) / each.jobsPerSec;
      expect(Math.abs(ratio - 1)).toBeLessThan(TOLERANCE[each.server]);
    },
  );

  it.each(Object.entries(KNOWN_MISSES))('%s is missed as far as ever', (name, [least, most]) => {
    const measured = cases.find((each) => each.name === name)!;
    const ratio = simulatedJobsPerSec(measured) / measured.jobsPerSec;
    expect(ratio).toBeGreaterThan(least);
    expect(ratio).toBeLessThan(most);
  });
});
