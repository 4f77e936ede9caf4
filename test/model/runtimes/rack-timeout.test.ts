import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Part, Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { PhaseKind } from '../../../src/model/phases.js';
import type { AppSpec, RackTimeoutSpec, SystemSpec } from '../../../src/model/spec.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { anyWorld } from '../../support/arbitraries.js';
import { c, h, i, ms, n, type Phase, s } from '../../support/phases.js';
import { blows, strike } from '../../support/process-lives.js';
import { byArrival, type Departure, pumaServer, runWorld, world, written } from '../../support/worlds.js';

const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 60);

const timeout = (spec: Partial<RackTimeoutSpec> = {}): RackTimeoutSpec => ({
  serviceTimeoutNs: ms(100),
  breaksConnections: 0,
  termOnTimeout: Number.POSITIVE_INFINITY,
  ...spec,
});

function withTimeout(system: SystemSpec, spec: RackTimeoutSpec, app: Partial<AppSpec> = {}): SystemSpec {
  return { ...system, app: { ...system.app, ...app, rackTimeout: spec } };
}

function run(requests: readonly (readonly [number, readonly Phase[]])[], spec = timeout(), workers = 1): Departure[] {
  const server = pumaServer('7.2', workers, 3);
  const system = world({ server, requests: requests.map(([atNs, phases]) => ({ atNs, phases })) });
  return byArrival(runWorld(withTimeout(system, spec)));
}

describe('Rack::Timeout', () => {
  it('ends a wait at the deadline, and leaves the rest of the application out', () => {
    const [late, other] = run([
      [0, [c(ms(10)), i(ms(500)), c(ms(50))]],
      [ms(90), [c(ms(5))]],
    ]) as [Departure, Departure];
    expect([late.status, late.departedNs, late.endNs]).toEqual([Status.Timeout, ms(100), ms(100)]);
    expect([late.partsNs[Part.Run], late.partsNs[Part.Io]]).toEqual([ms(10), ms(90)]);
    expect([other.status, other.departedNs]).toEqual([Status.Ok, ms(95)]);
  });

  it('leaves those alone that are in time', () => {
    const departures = run([
      [0, [i(ms(99))]],
      [ms(50), [i(ms(99))]],
    ]);
    expect(departures.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok]);
  });

  it('is late by the wait for the GVL: by the time slice of Ruby code, by all of a C call', () => {
    // The raising thread waits for the slice of the other request, then the late one does; it raises when it has the GVL.
    const [behindRuby] = run([
      [0, [i(ms(500))]],
      [ms(90), [c(ms(300))]],
    ]) as [Departure];
    expect(behindRuby.status).toBe(Status.Timeout);
    expect(behindRuby.departedNs).toBeGreaterThanOrEqual(ms(200));
    expect(behindRuby.departedNs).toBeLessThanOrEqual(ms(400));
    const [behindCall] = run([
      [0, [i(ms(5000))]],
      [ms(90), [h(ms(700))]],
    ]) as [Departure];
    expect([behindCall.status, behindCall.departedNs]).toEqual([Status.Timeout, ms(790)]);
  });

  it('interrupts Ruby code when a time slice ends; native code ends first', () => {
    const [ruby] = run([[0, [c(ms(1000))]]]) as [Departure];
    expect(ruby.status).toBe(Status.Timeout);
    expect(ruby.departedNs).toBeLessThanOrEqual(ms(220));
    const [native] = run([[0, [n(ms(300)), c(ms(50))]]]) as [Departure];
    expect([native.status, native.departedNs]).toEqual([Status.Timeout, ms(300)]);
    const [calls] = run([[0, [s(ms(1000))]]]) as [Departure];
    expect(calls.status).toBe(Status.Timeout);
    expect(calls.departedNs).toBeLessThanOrEqual(ms(220));
  });

  it('fires again in a worker that stood still, where the raising thread still waited for the GVL', () => {
    // Worker 1 is lost. Worker 0 ends its C call, and its request before the raising thread has the lock; it stops, forks, and serves again.
    const server = written('puma', { version: '7.2', workers: 2, threads: 1, fork_worker: 0 });
    const requests = [0, 1, 1000, 1001].map((at) => ({
      atNs: ms(at),
      phases: at < 1000 ? [i(ms(12)), h(ms(99))] : [i(ms(500))],
    }));
    const system = world({ server, requests, gvl: 'hot-thread', overheads: true, wakeLatencyNs: 7000 });
    const operations = operationsParams.parse([{ worker_loss: { at: '50ms', worker: 1 } }]);
    const departures = byArrival(runWorld({ ...withTimeout(system, timeout()), operations }));
    const outcomes = departures.map(({ process, status }) => [process, status]);
    expect(outcomes.slice(0, 2).sort()).toEqual([
      [0, Status.Ok],
      [1, Status.Killed],
    ]);
    expect(outcomes.slice(2).sort()).toEqual([
      [0, Status.Timeout],
      [1, Status.Timeout],
    ]);
  });

  it('whatever happens besides: everybody leaves once, and the parts add up', () => {
    const servers = fc.constantFrom(
      pumaServer('6.6', 2, 2),
      pumaServer('7.2', 0, 3),
      written('unicorn', { worker_processes: 2, preload_app: true }),
      written('pitchfork', { worker_processes: 2 }),
    );
    fc.assert(
      fc.property(anyWorld, servers, blows, fc.integer({ min: 1, max: 60 }), (params, server, list, limit) => {
        const spec = timeout({ serviceTimeoutNs: ms(limit), termOnTimeout: 1 + (limit % 5) });
        const system = withTimeout(world({ ...params, server }), spec);
        const { departures, bench } = runWorld(system, { prepare: (built) => strike(built, list) });
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
          params.requests.map((_, k) => k),
        );
        for (const { partsNs, arrivedNs, departedNs, status } of departures) {
          expect([Status.Ok, Status.Timeout, Status.Killed]).toContain(status);
          expect(partsNs.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true);
          expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
        }
        expect(bench.inSystem()).toBe(0);
      }),
      { seed: 21, numRuns: 2 * RUNS },
    );
  });
});

describe('a connection in use when the exception comes', () => {
  const phases = [[PhaseKind.Cpu, createConstant(ms(1))]] as const;
  const call = (ns: number) => ({ kind: PhaseKind.Call, demand: createConstant(ns), share: null, keptObjects: 0 });
  const app: Partial<AppSpec> = {
    classes: [{ name: 'only', weight: 1, phases: [call(ms(150))], allocatedObjects: 0, mallocBytes: 0 }],
    services: [
      { name: 'db', capacity: Number.POSITIVE_INFINITY, pool: { size: 2, timeoutNs: ms(50), heldFor: 'call' } },
    ],
  };
  const load = { kind: 'renewal', interarrival: createConstant(ms(400)) } as const;
  const waits = (spec: Partial<RackTimeoutSpec>): number[] => {
    const system = world({ server: pumaServer('7.2', 1, 3), phases, load });
    const run = runWorld(withTimeout(system, timeout(spec), app), { limits: { requests: 6 } });
    return byArrival(run).map(({ partsNs }) => partsNs[Part.PoolWait]!);
  };

  it('goes back to the pool if it is not broken', () => {
    expect(waits({})).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is lost to the process if it is: with none left requests wait for one in vain', () => {
    expect(waits({ breaksConnections: 1 })).toEqual([0, 0, ms(50), ms(50), ms(50), ms(50)]);
  });

  it('comes back with a new process', () => {
    expect(waits({ breaksConnections: 1, termOnTimeout: 2 })).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
