import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nanos } from '../../src/kernel/time.js';
import { timerOvershootNs } from '../../src/model/runtimes/gvl/policies.js';
import type { GvlPolicyName } from '../../src/model/spec.js';
import { createStreams } from '../../src/random/streams.js';
import { phase, requests } from '../support/arbitraries.js';
import { ms, us } from '../support/phases.js';
import { departureTimes, idealServer, runWorld, type WorldRequest, world } from '../support/worlds.js';
import { runIdealSystem } from './ideal-system.js';

/** Number of random scenarios for each lock. `GVLSIM_TEST_RUNS=20000 npx vitest run test/oracle` looks longer. */
const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 300);

interface Scenario {
  readonly processes: number;
  readonly threads: number;
  readonly cores: number;
  readonly scheduler: 'time-slices' | 'processor-sharing';
  readonly timeSliceNs: Nanos;
  readonly quantumNs: Nanos;
  readonly wakeLatencyNs: Nanos;
  readonly requests: readonly WorldRequest[];
}

const scenario = (quanta: readonly Nanos[]): fc.Arbitrary<Scenario> =>
  fc.record({
    processes: fc.integer({ min: 1, max: 3 }),
    threads: fc.integer({ min: 1, max: 4 }),
    cores: fc.constantFrom(1, 2, 3, 12),
    scheduler: fc.constantFrom('time-slices', 'processor-sharing'),
    timeSliceNs: fc.constantFrom(2_999_987, 700_057),
    quantumNs: fc.constantFrom(...quanta),
    wakeLatencyNs: fc.constantFrom(0, us(7)),
    requests: requests(phase, 12),
  });

const GENERATIONS: readonly (readonly [GvlPolicyName, readonly Nanos[]])[] = [
  ['barging-deadline', [ms(100)]],
  ['fifo-ticks', [ms(100), ms(10)]],
  ['hot-thread', [ms(100), ms(10)]],
  ['cpython', [ms(5)]],
];

describe.each(GENERATIONS)('the model against generator processes: %s', (gvl, quanta) => {
  it('answers every request at the same ns', () => {
    fc.assert(
      fc.property(scenario(quanta), (drawn) => {
        const { processes, threads, cores, scheduler, timeSliceNs, quantumNs, wakeLatencyNs } = drawn;
        const overheads = wakeLatencyNs > 0;
        const server = idealServer(processes, threads);
        const model = runWorld(world({ ...drawn, server, gvl, overheads }));
        const oracle = runIdealSystem(
          {
            processes,
            threads,
            cores,
            scheduler,
            sliceNs: timeSliceNs,
            gvl,
            quantumNs,
            wakeLatencyNs,
            overshootNs: overheads ? timerOvershootNs(cores) : 0,
            luck: createStreams(1, 0).open('gil/wake'),
          },
          drawn.requests,
        );
        fc.pre(!oracle.hasCoincidence);
        expect(departureTimes(model)).toEqual(oracle.answeredNs);
      }),
      { seed: 31, numRuns: RUNS },
    );
  });
});
