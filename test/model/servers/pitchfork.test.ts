import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import { Rank } from '../../../src/kernel/ranks.js';
import { SECOND } from '../../../src/kernel/time.js';
import { Status } from '../../../src/model/observations.js';
import { type PitchforkParams, pitchforkParams } from '../../../src/model/servers/pitchfork/params.js';
import { Reforking } from '../../../src/model/servers/pitchfork/reforking.js';
import type { ServerSpec } from '../../../src/model/spec.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, runWorld, unicornServer, world } from '../../support/worlds.js';

const pitchfork = (written: Record<string, unknown>): ServerSpec => ({
  type: 'pitchfork',
  params: pitchforkParams.parse(written) as PitchforkParams,
});
const behind = (stuck: ReturnType<typeof c>) => [
  { atNs: 0, phases: [stuck] },
  { atNs: ms(1), phases: [c(ms(5))] },
];

describe("Pitchfork's timeouts", () => {
  it('the soft one ends a worker that waits for I/O at once; only its request is lost', () => {
    const run = runWorld(world({ server: pitchfork({}), requests: behind(i(60 * SECOND)) }));
    expect(byArrival(run).map(({ status, departedNs }) => [status, departedNs])).toEqual([
      [Status.Killed, 20 * SECOND],
      [Status.Ok, 20 * SECOND + ms(5)],
    ]);
  });

  it('the soft one is late by the time slice of Ruby code that has the GVL', () => {
    const run = runWorld(world({ server: pitchfork({}), gvl: 'barging-deadline', requests: behind(c(60 * SECOND)) }));
    // On Ruby 3.1 a waiter gets the lock when it has waited for the time slice of 100 ms.
    expect(byArrival(run)[0]!.departedNs).toBe(20 * SECOND + ms(100));
  });

  it('the hard one kills a worker whose GVL nobody gets', () => {
    const spec = world({ server: pitchfork({}), quantumNs: 3600 * SECOND, requests: behind(c(60 * SECOND)) });
    expect(byArrival(runWorld(spec))[0]!.departedNs).toBe(22 * SECOND);
  });

  it('does nothing to requests that end in time, even while the helper waits for the GVL', () => {
    const list = [c(20 * SECOND + ms(50)), c(ms(10)), c(ms(10))].map((phase) => ({ atNs: 0, phases: [phase] }));
    const run = runWorld(world({ server: pitchfork({}), gvl: 'barging-deadline', requests: list }));
    expect(byArrival(run).map(({ status }) => status)).toEqual([Status.Ok, Status.Ok, Status.Ok]);
  });
});

describe('Pitchfork without timeouts and reforking', () => {
  it('serves as Unicorn does', () => {
    const list = Array.from({ length: 40 }, (_, k) => ({
      atNs: ms(3 * k),
      phases: [c(ms(1 + ((7 * k) % 11))), i(ms(4))],
    }));
    const times = (server: ServerSpec) =>
      byArrival(runWorld(world({ server, requests: list }))).map(({ departedNs }) => departedNs);
    expect(times(pitchfork({ worker_processes: 3 }))).toEqual(times(unicornServer(3)));
  });
});

describe('reforking', () => {
  const start = (after: readonly number[], workers = 4, maxUnavailable = 1) => {
    const kernel = new Kernel();
    const rules = { workers, after, maxUnavailable, moldNs: ms(10), respawnNs: ms(10) };
    const asked: number[] = [];
    const promoted: number[] = [];
    const askIdle = (worker: number) => {
      asked.push(worker);
      if (isIdle) reforking.replaced(worker);
    };
    const reforking: Reforking = new Reforking(kernel, rules, askIdle, (worker) => promoted.push(worker));
    let isIdle = true;
    const clock = kernel.timer(
      kernel.define('test.clock', Rank.Sample, () => {}),
      0,
    );
    return {
      /** Without an event the clock of the kernel stands still. */
      runUntil: (ns: number) => {
        kernel.arm(clock, ns);
        kernel.runUntil(ns);
      },
      reforking,
      asked,
      promoted,
      serve: (worker: number, times: number) => {
        for (let k = 0; k < times; k++) reforking.ended(worker);
      },
      busy: () => {
        isIdle = false;
      },
    };
  };

  it('a worker that has served enough becomes the mold, then all are replaced, one at a time', () => {
    const { runUntil, reforking, asked, promoted, serve } = start([3]);
    serve(2, 2);
    runUntil(SECOND);
    expect([reforking.generation, promoted]).toEqual([0, []]);
    serve(2, 1);
    expect(promoted).toEqual([2]);
    runUntil(SECOND + ms(10));
    expect([reforking.generation, asked]).toEqual([1, [0]]);
    runUntil(SECOND + ms(20));
    expect(asked).toEqual([0, 1]);
    runUntil(2 * SECOND);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it('busy workers leave when they have answered, and hold up the others meanwhile', () => {
    const { runUntil, reforking, asked, serve, busy } = start([1], 4, 2);
    busy();
    serve(0, 1);
    runUntil(SECOND);
    expect(asked).toEqual([0, 1]);
    expect([0, 1, 2, 3].map((worker) => reforking.mustLeave(worker))).toEqual([true, true, false, false]);
    reforking.replaced(1);
    runUntil(2 * SECOND);
    expect(asked).toEqual([0, 1, 2]);
  });

  it('each generation has its own limit, the last one holds for all that follow', () => {
    const { runUntil, reforking, serve } = start([2, 5], 1);
    let endNs = 0;
    const generationAfter = (times: number) => {
      serve(0, times);
      endNs += 20 * SECOND;
      runUntil(endNs);
      return reforking.generation;
    };
    expect([2, 4, 1, 5, 4].map(generationAfter)).toEqual([1, 1, 2, 3, 3]);
  });

  it('loses no request in a running server', () => {
    const list = Array.from({ length: 200 }, (_, k) => ({ atNs: ms(20 * k), phases: [c(ms(15)), i(ms(40))] }));
    const server = pitchfork({ worker_processes: 5, refork_after: [3, 5] });
    const { departures } = runWorld(world({ server, overheads: true, requests: list }));
    expect(departures.map(({ status }) => status)).toEqual(Array(200).fill(Status.Ok));
  });
});
