import { describe, expect, it } from 'vitest';
import { jobCases, simulatedJobsPerSec } from '../support/measured-jobs.js';

/** How far the throughput may be off, by server. */
const TOLERANCE = { sidekiq: 0.05, resque: 0.08 } as const;

/**
 * Cases that the model misses, with the ratio it gives: 25 threads with empty jobs stood still for 315 ms of 771, at no more CPU time,
 * most times when all of them had just asked Redis, which was on another core; 5 threads did not. In the 870 jobs in a row in which
 * that did not happen the model is 8 % too slow.
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
