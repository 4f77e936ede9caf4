import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rank } from '../../../src/kernel/ranks.js';
import type { Bench } from '../../../src/model/bench.js';
import { Part, Status } from '../../../src/model/observations.js';
import { ProcessState } from '../../../src/model/processes/processes.js';
import type { ServerSpec, SystemSpec } from '../../../src/model/spec.js';
import { createConstant, createExponential } from '../../../src/random/distributions/index.js';
import { anyWorld, length } from '../../support/arbitraries.js';
import { c, i, ms } from '../../support/phases.js';
import { blows, strike } from '../../support/process-lives.js';
import { byArrival, type Departure, runWorld, world, written } from '../../support/worlds.js';

const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 60);

const SERVERS: readonly ServerSpec[] = [
  written('puma', { version: '5.6', workers: 2, threads: 2 }),
  written('puma', { version: '6.6', workers: 3, threads: [0, 3] }),
  written('puma', { version: '7.2', workers: 2, threads: 3, drain_then_kill: '60ms' }),
  written('puma', { version: '8.0', workers: 2, threads: 2, worker_timeout: '2s', worker_check_interval: '1s' }),
  written('puma', { version: '7.2', workers: 0, threads: 2, queue_requests: false }),
  written('unicorn', { worker_processes: 3, preload_app: true }),
  written('unicorn', { version: '6.0', worker_processes: 2, boot_time: '20ms' }),
  written('pitchfork', { worker_processes: 2, refork_after: [3, 5] }),
  written('gunicorn', { workers: 2, boot_time: '20ms', max_requests: 4, max_requests_jitter: 3 }),
  written('gunicorn', { workers: 2, threads: 2, worker_connections: 3, graceful_timeout: '150ms' }),
  written('gunicorn', { workers: 2, threads: 3, max_requests: 3, boot_time: '5ms' }),
  written('gunicorn', { workers: 2, worker_class: 'gevent', worker_connections: 3, max_requests: 5 }),
  written('sidekiq', { processes: 2, concurrency: 3, timeout: '30ms', boot_time: '10ms' }),
  written('sidekiq', { concurrency: 2, timeout: '200ms', recover_after: '80ms' }),
  written('resque', { workers: 2, interval: '15ms', boot_time: '10ms' }),
  written('falcon', { count: 2, connections: 4, boot_time: '20ms' }),
];
const server = fc.constantFrom(...SERVERS);

/** Everybody leaves once, served or killed, and the parts of each life add up. */
function isAccountedFor(departures: readonly Departure[], arrivals: number, bench: Bench): void {
  const ordinals = departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b);
  expect(ordinals).toEqual(Array.from({ length: arrivals }, (_, ordinal) => ordinal));
  for (const { partsNs, arrivedNs, departedNs, status } of departures) {
    expect([Status.Ok, Status.Killed]).toContain(status);
    expect(partsNs.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true);
    expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
  }
  expect(bench.inSystem()).toBe(0);
}

describe('processes that come and go', () => {
  it('whatever happens to them: nobody is lost or answered twice', () => {
    let killed = 0;
    fc.assert(
      fc.property(anyWorld, server, blows, fc.array(length), (params, spec, list, uploads) => {
        const system = withUploads(world({ ...params, server: spec }), uploads);
        const { departures, bench } = runWorld(system, { prepare: (built) => strike(built, list) });
        isAccountedFor(departures, params.requests.length, bench);
        killed += departures.filter(({ status }) => status === Status.Killed).length;
      }),
      { seed: 11, numRuns: 4 * RUNS },
    );
    expect(killed).toBeGreaterThan(RUNS);
  });

  it('nor are users who keep their connections', () => {
    fc.assert(
      fc.property(server, blows, fc.integer({ min: 1, max: 8 }), fc.nat(), (spec, list, users, seed) => {
        const system = world({
          server: spec,
          overheads: seed % 2 === 0,
          cores: 2,
          wakeLatencyNs: 7000,
          phases: [
            [0, createExponential(ms(4))],
            [1, createExponential(ms(9))],
          ],
          load: { kind: 'closed', users, think: createConstant(ms(seed % 7)), keepAlive: true },
        });
        const limits = { requests: 60 };
        const { departures, bench } = runWorld(system, { seed, limits, prepare: (built) => strike(built, list) });
        isAccountedFor(departures, 60, bench);
      }),
      { seed: 12, numRuns: RUNS },
    );
  });
});

function withUploads(system: SystemSpec, uploads: readonly number[]): SystemSpec {
  uploads.slice(0, system.app.recorded!.count).forEach((ns, row) => {
    system.app.recorded!.uploadNs[row] = ns;
  });
  return system;
}

/** At `atNs`, in an event of its own. */
function at(bench: Bench, atNs: number, act: () => void): void {
  bench.kernel.arm(bench.kernel.timer(bench.kernel.define('test.act', Rank.Timer, act), 0), atNs);
}

describe('a worker of Puma', () => {
  const puma = written('puma', { version: '6.6', workers: 1, threads: 2 });

  it('is killed: its requests end, those in the listen queue are served by its replacement', () => {
    const requests = [0, 1, 2].map((k) => ({ atNs: ms(k), phases: [i(ms(100))] }));
    const run = runWorld(world({ server: puma, requests }), {
      prepare: (bench) => at(bench, ms(50), () => bench.processes!.kill(0)),
    });
    const [first, second, third] = byArrival(run) as [Departure, Departure, Departure];
    for (const { status, departedNs, arrivedNs, partsNs } of [first, second]) {
      expect(status).toBe(Status.Killed);
      expect(departedNs).toBe(ms(50));
      expect(partsNs[Part.Backlog]! + partsNs[Part.Io]!).toBe(ms(50) - arrivedNs);
    }
    expect(third.status).toBe(Status.Ok);
    expect(third.departedNs).toBe(ms(150));
  });

  it('drains: it finishes what it has, accepts no more, and makes room for another one', () => {
    const requests = [
      { atNs: 0, phases: [i(ms(100))] },
      { atNs: ms(20), phases: [c(ms(5))] },
    ];
    const states: number[] = [];
    const { departures } = runWorld(world({ server: puma, requests }), {
      prepare: (bench) => {
        at(bench, ms(10), () => bench.processes!.drain(0, 'replaced'));
        at(bench, ms(99), () => states.push(bench.processes!.stateOf(0)));
        at(bench, ms(101), () => states.push(bench.processes!.stateOf(0)));
      },
    });
    expect(departures.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok]);
    expect(departures.map(({ departedNs }) => departedNs)).toEqual([ms(100), ms(105)]);
    expect(states).toEqual([ProcessState.Draining, ProcessState.Serving]);
  });

  it('is killed when it takes too long to drain', () => {
    const requests = [{ atNs: 0, phases: [i(ms(100))] }];
    const { departures } = runWorld(world({ server: puma, requests }), {
      prepare: (bench) => at(bench, ms(10), () => bench.processes!.drain(0, 'replaced', ms(30))),
    });
    expect(departures.map(({ status, departedNs }) => [status, departedNs])).toEqual([[Status.Killed, ms(40)]]);
  });
});
