import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Status } from '../../../src/model/observations.js';
import { pumaParams, pumaProblems } from '../../../src/model/servers/puma/params.js';
import type { Phase } from '../../support/phases.js';
import { c, h, i, ms } from '../../support/phases.js';
import { byArrival, type Departure, runWorld, world, written } from '../../support/worlds.js';

function run(settings: Readonly<Record<string, unknown>>, requests: readonly (readonly [number, Phase])[], seed = 1) {
  const server = written('puma', { version: '7.2', workers: 1, threads: 2, ...settings });
  return byArrival(
    runWorld(world({ server, requests: requests.map(([atNs, phase]) => ({ atNs, phases: [phase] })) }), { seed }),
  );
}

const fates = (departures: readonly Departure[]) => departures.map(({ status, departedNs }) => [status, departedNs]);

describe('worker_timeout of Puma', () => {
  const settings = { worker_timeout: '6s', worker_check_interval: '5s' };

  it('is no timeout of requests: I/O and Ruby code may last for ever', () => {
    const departures = run(settings, [
      [0, i(60 * SECOND)],
      [0, c(40 * SECOND)],
    ]);
    expect(departures.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok]);
  });

  it('kills a worker whose GVL a C call keeps, with all that it does, 6 s after its last check-in', () => {
    const kills = Array.from({ length: 20 }, (_, seed) => {
      const departures = run(
        settings,
        [
          [0, i(60 * SECOND)],
          [20 * SECOND, h(30 * SECOND)],
          [25 * SECOND, c(ms(1))],
        ],
        seed,
      );
      const [waiting, holding, after] = departures as [Departure, Departure, Departure];
      expect([waiting.status, holding.status, after.status]).toEqual([Status.Killed, Status.Killed, Status.Ok]);
      expect(waiting.departedNs).toBe(holding.departedNs);
      expect(after.departedNs).toBe(Math.max(holding.departedNs, 25 * SECOND) + ms(1));
      return holding.departedNs - 20 * SECOND;
    });
    // The last check-in was at most 5 s before the call, at a time drawn for each run.
    for (const afterNs of kills) expect(afterNs > SECOND && afterNs <= 6 * SECOND).toBe(true);
    expect(new Set(kills).size).toBe(20);
  });

  it('never kills for a call shorter than the timeout less an interval, always for one that is longer than the timeout', () => {
    fc.assert(
      fc.property(fc.nat(60_000), fc.nat(14_000), fc.nat(1000), (startMs, holdMs, seed) => {
        fc.pre(holdMs < 1000 || holdMs > 6000);
        const [departure] = run(settings, [[ms(startMs), h(ms(holdMs))]], seed);
        expect(departure!.status).toBe(holdMs < 1000 ? Status.Ok : Status.Killed);
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});

describe('drain_then_kill', () => {
  it('lets the other requests of the worker end, takes no new ones, and forks again', () => {
    const departures = run({ drain_then_kill: '100ms' }, [
      [0, i(ms(500))],
      [ms(60), i(ms(70))],
      [ms(105), c(ms(5))],
    ]);
    expect(fates(departures)).toEqual([
      [Status.Killed, ms(130)],
      [Status.Ok, ms(130)],
      [Status.Ok, ms(135)],
    ]);
  });

  it('does not wait for others that are too old themselves', () => {
    const departures = run({ drain_then_kill: '100ms' }, [
      [0, i(ms(500))],
      [ms(60), i(ms(700))],
    ]);
    expect(fates(departures)).toEqual([
      [Status.Killed, ms(160)],
      [Status.Killed, ms(160)],
    ]);
  });

  it('answers who is too old but done before the others, and ends the worker then', () => {
    const departures = run({ drain_then_kill: '100ms' }, [
      [0, i(ms(110))],
      [ms(50), i(ms(90))],
      [ms(120), c(ms(5))],
    ]);
    expect(fates(departures)).toEqual([
      [Status.Ok, ms(110)],
      [Status.Ok, ms(140)],
      [Status.Ok, ms(145)],
    ]);
  });

  it('loses what the worker has queued when all its threads hang', () => {
    const departures = run({ threads: 1, drain_then_kill: '100ms' }, [
      [0, i(ms(500))],
      [ms(10), c(ms(1))],
    ]);
    expect(fates(departures)).toEqual([
      [Status.Killed, ms(100)],
      [Status.Killed, ms(100)],
    ]);
  });

  it('leaves the sibling workers alone', () => {
    const requests = Array.from({ length: 8 }, (_, k) => [ms(k), i(ms(k === 0 ? 900 : 40))] as const);
    const departures = run({ workers: 2, drain_then_kill: '300ms' }, requests);
    expect(departures.filter(({ status }) => status === Status.Killed)).toHaveLength(1);
  });
});

describe('settings that do not go together', () => {
  const problemsOf = (settings: Readonly<Record<string, unknown>>) =>
    pumaProblems(pumaParams.parse(settings)).map(({ path }) => path[0]);

  it('need workers, and a timeout above the interval', () => {
    expect(problemsOf({ worker_timeout: '60s' })).toEqual(['worker_timeout']);
    expect(problemsOf({ drain_then_kill: '9s' })).toEqual(['drain_then_kill']);
    expect(problemsOf({ workers: 2, worker_timeout: '5s' })).toEqual(['worker_timeout']);
    expect(problemsOf({ workers: 2, worker_timeout: '60s', drain_then_kill: '9s' })).toEqual([]);
  });
});
