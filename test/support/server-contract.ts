import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Part, Status } from '../../src/model/observations.js';
import { PhaseKind } from '../../src/model/phases.js';
import { serverType } from '../../src/model/servers/registry.js';
import type { ServerSpec } from '../../src/model/spec.js';
import { createExponential } from '../../src/random/distributions/index.js';
import { anyWorld } from './arbitraries.js';
import { ms } from './phases.js';
import { byArrival, type Departure, runWorld, world, written } from './worlds.js';

/** Number of random systems for each law and setting. */
const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 40);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/**
 * What every server owes to the rest of the program, whatever its rules: registers the laws as tests. Servers that
 * refuse or kill requests need settings with which they do not.
 *
 * @param settings as in scenarios, each tested by itself
 */
export function serverContract(type: string, settings: readonly Readonly<Record<string, unknown>>[]): void {
  describe.each(settings.map((each) => [JSON.stringify(each), each] as const))(
    `the contract of ${type} %s`,
    (_, each) => {
      const worldOf = (params: Parameters<typeof world>[0]) => world({ ...params, server: written(type, each) });

      it('has slots: never are more requests in the application at once', () => {
        const { processes, threads } = serverType(type).slots(written(type, each).params);
        expect(Math.min(processes, threads)).toBeGreaterThanOrEqual(1);
        check(anyWorld, (params) => {
          const { departures } = runWorld(worldOf(params));
          expect(mostAtOnce(departures)).toBeLessThanOrEqual(processes * threads);
        });
      });

      it('everybody leaves once, answered; the parts are not negative and add up; the calendar is empty', () => {
        check(anyWorld, (params) => {
          const { departures, bench } = runWorld(worldOf(params));
          const ordinals = departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b);
          expect(ordinals).toEqual(params.requests.map((_, ordinal) => ordinal));
          for (const { partsNs, arrivedNs, departedNs, startNs, endNs, status } of departures) {
            expect(status).toBe(Status.Ok);
            expect(partsNs.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true);
            expect(sum(partsNs)).toBe(departedNs - arrivedNs);
            expect(arrivedNs <= startNs && startNs <= endNs && endNs <= departedNs).toBe(true);
          }
          expect(bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
          expect(bench.inSystemIntegral(bench.kernel.nowNs())).toBe(
            sum(departures.map((d) => d.departedNs - d.arrivedNs)),
          );
        });
      });

      it('work is conserved without overheads', () => {
        check(anyWorld, (params) => {
          const run = byArrival(runWorld(worldOf({ ...params, overheads: false })));
          params.requests.forEach(({ phases }, ordinal) => {
            const io = phases.filter(({ kind }) => kind === PhaseKind.Io);
            const { partsNs } = run[ordinal]!;
            expect(partsNs[Part.Io]).toBe(sum(io.map(({ ns }) => ns)));
            expect(partsNs[Part.Run]).toBe(sum(phases.map(({ ns }) => ns)) - partsNs[Part.Io]!);
          });
        });
      });

      it('is repeatable: the same events, and the same customers for every seed as the yardstick has', () => {
        const drawn = {
          gvl: 'fifo-ticks',
          cores: 2,
          overheads: true,
          wakeLatencyNs: 7000,
          phases: [
            [PhaseKind.Cpu, createExponential(ms(4))],
            [PhaseKind.Io, createExponential(ms(9))],
          ],
          load: { kind: 'renewal', interarrival: createExponential(ms(12)) },
        } as const;
        const options = { seed: 3, limits: { requests: 80 } };
        const run = (server: ServerSpec) => runWorld(world({ ...drawn, server }), options);
        const [one, two] = [run(written(type, each)), run(written(type, each))];
        expect(two.bench.kernel.fingerprint()).toBe(one.bench.kernel.fingerprint());
        const yardstick = run(written('ideal', {}));
        const arrivals = (departures: readonly Departure[]) => departures.map(({ arrivedNs }) => arrivedNs);
        expect(arrivals(byArrival(one))).toEqual(arrivals(byArrival(yardstick)));
      });
    },
  );
}

/** Requests that are in the application at the same time, at most. */
function mostAtOnce(departures: readonly Departure[]): number {
  const changes = departures.flatMap(({ startNs, endNs }) => [
    [startNs, 1],
    [endNs, -1],
  ]) as [number, number][];
  changes.sort(([a, da], [b, db]) => a - b || da - db);
  let inside = 0;
  return Math.max(...changes.map(([, change]) => (inside += change)));
}

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed: 47, numRuns: RUNS });
}
