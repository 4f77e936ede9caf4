import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { FORKING_COSTS } from '../../../src/model/servers/common/forking/costs.js';
import type { ServerSpec } from '../../../src/model/spec.js';
import { gvlName, length, phase } from '../../support/arbitraries.js';
import { c, h, i, ms, n, us } from '../../support/phases.js';
import { byArrival, collectEvery, runWorld, unicornServer, type WorldParams, world } from '../../support/worlds.js';

const run = (params: WorldParams) => byArrival(runWorld(world(params)));

describe('Unicorn', () => {
  it('wakes idle workers in a fixed order, so the first gets everything while the load is low', () => {
    const far = [0, 20, 40, 60].map((at) => ({ atNs: ms(at), phases: [c(ms(5))] }));
    expect(run({ server: unicornServer(3), requests: far }).map(({ process }) => process)).toEqual([0, 0, 0, 0]);
    const near = [0, 1, 2, 3].map((at) => ({ atNs: ms(at), phases: [i(ms(10))] }));
    expect(run({ server: unicornServer(3), requests: near }).map(({ process }) => process)).toEqual([0, 1, 2, 0]);
  });

  it('before 6.1 wakes all idle workers, so that each gets its share whatever the load', () => {
    const server: ServerSpec = { type: 'unicorn', params: { ...(unicornServer(4).params as object), version: '6.0' } };
    const far = Array.from({ length: 400 }, (_, k) => ({ atNs: ms(20 * k), phases: [c(ms(5))] }));
    const shares = [0, 0, 0, 0];
    for (const { process } of run({ server, requests: far })) shares[process]!++;
    // Binomial(400, 1/4): four standard deviations are 35.
    for (const share of shares) expect(Math.abs(share - 100)).toBeLessThan(35);
  });

  it('keeps what waits in the queue of the kernel, first come, first served, for whoever is free first', () => {
    const requests = [10, 2, 1, 1].map((length, atNs) => ({ atNs, phases: [i(ms(length))] }));
    const served = run({ server: unicornServer(2), requests });
    expect(served.map(({ process }) => process)).toEqual([0, 1, 1, 1]);
    expect(served.map(({ partsNs }) => partsNs[Part.Backlog])).toEqual([0, 0, ms(2) - 1, ms(3) - 2]);
    expect(served.map(({ partsNs }) => partsNs[Part.Queue])).toEqual([0, 0, 0, 0]);
  });

  it('adds its own work: wake-up, accept and parse before the application, writing after it', () => {
    const requests = [{ atNs: ms(1), phases: [c(ms(5))] }];
    const [only] = run({ server: unicornServer(1), overheads: true, wakeLatencyNs: us(7), requests });
    const { acceptAndParseNs, writeNs, connectNs } = FORKING_COSTS;
    expect(only!.startNs).toBe(ms(1) + connectNs + us(7) + acceptAndParseNs);
    expect(only!.endNs - only!.startNs).toBe(ms(5));
    expect(only!.departedNs - only!.endNs).toBe(writeNs);
    expect(only!.partsNs[Part.Backlog]).toBe(connectNs + us(7));
    expect(only!.partsNs[Part.Run]).toBe(acceptAndParseNs + ms(5) + writeNs);
  });

  describe('the timeout', () => {
    const timed = (workers: number, seconds: number) => unicornServer(workers, 1024, seconds * SECOND);
    const hung = [i(60 * SECOND)];

    it('ends a request between timeout and timeout + 2 s after it was accepted, only that one, without an answer', () => {
      const requests = [
        { atNs: ms(700), phases: [c(ms(5)), ...hung] },
        { atNs: ms(800), phases: [c(ms(5)), i(ms(2500))] },
        { atNs: ms(900), phases: [c(ms(5))] },
      ];
      const waits = Array.from({ length: 40 }, (_, replication) => {
        const served = byArrival(runWorld(world({ server: timed(2, 3), requests }), { replication }));
        const [first, second, third] = served;
        expect(served.map(({ status }) => status)).toEqual([Status.Killed, Status.Ok, Status.Ok]);
        expect(first!.startNs).toBe(ms(700));
        expect(first!.endNs).toBeNaN();
        expect(first!.partsNs[Part.Run]).toBe(ms(5));
        expect(first!.partsNs[Part.Io]).toBe(first!.departedNs - ms(705));
        expect(second!.departedNs).toBe(ms(3305));
        expect(third!.departedNs).toBe(ms(3310));
        return first!.departedNs - first!.arrivedNs;
      });
      expect(Math.min(...waits)).toBeGreaterThan(3 * SECOND);
      expect(Math.max(...waits)).toBeLessThan(5 * SECOND);
      // The sum of two uniform waits of up to 1 s, over 40 replications: mean 4 s, standard error 0.065 s, here 4 of them.
      const mean = waits.reduce((a, b) => a + b, 0) / waits.length;
      expect(Math.abs(mean - 4 * SECOND)).toBeLessThan(0.26 * SECOND);
    });

    it('is the same for requests that begin whole seconds apart; the next one finds the replacement', () => {
      const requests = [2, 9, 16].map((s) => ({ atNs: s * SECOND, phases: hung }));
      const served = run({ server: timed(1, 3), requests });
      const [first, ...others] = served.map(({ departedNs, arrivedNs }) => departedNs - arrivedNs);
      expect(others).toEqual([first, first]);
    });

    it('the replacement accepts once it is forked, resp. has loaded the application', () => {
      const requests = [
        { atNs: ms(1), phases: hung },
        { atNs: ms(2), phases: [c(ms(5))] },
      ];
      const gap = (params: object): number => {
        const server = { type: 'unicorn', params: { ...(timed(1, 3).params as object), ...params } } as const;
        const [killed, next] = run({ server, overheads: true, requests });
        return next!.startNs - killed!.departedNs;
      };
      const { respawnNs, acceptAndParseNs } = FORKING_COSTS;
      expect(gap({})).toBe(respawnNs + acceptAndParseNs);
      expect(gap({ bootTimeNs: 9 * SECOND })).toBe(respawnNs + acceptAndParseNs);
      expect(gap({ bootTimeNs: 9 * SECOND, preloadApp: false })).toBe(9 * SECOND + respawnNs + acceptAndParseNs);
    });

    it.each([
      ['Ruby code', c(60 * SECOND), Part.Run],
      ['a call that keeps the lock', h(60 * SECOND), Part.Run],
      ['native code', n(60 * SECOND), Part.Run],
      ['I/O', i(60 * SECOND), Part.Io],
    ] as const)('stops %s', (_, phase, part) => {
      const [killed, next] = run({
        server: timed(1, 3),
        requests: [
          { atNs: ms(1), phases: [phase] },
          { atNs: ms(2), phases: [c(ms(5))] },
        ],
      });
      expect(killed!.status).toBe(Status.Killed);
      expect(killed!.partsNs[part]).toBe(killed!.departedNs - ms(1));
      expect(next!.departedNs).toBe(killed!.departedNs + ms(5));
    });

    it('whatever the load and the cores: everybody leaves, and the parts add up', () => {
      const oneOf = fc.record({ gapNs: length, phases: fc.array(phase, { minLength: 1, maxLength: 20 }) });
      const params = fc.record({
        workers: fc.integer({ min: 1, max: 4 }),
        cores: fc.constantFrom(1, 2, 16),
        scheduler: fc.constantFrom('time-slices' as const, 'processor-sharing' as const),
        gvl: gvlName,
        overheads: fc.boolean(),
        gc: fc.constantFrom({ kind: 'off' } as const, collectEvery(ms(20), ms(30))),
        list: fc.array(oneOf, { minLength: 2, maxLength: 20 }),
      });
      let killed = 0;
      fc.assert(
        fc.property(params, ({ workers, list, ...rest }) => {
          let atNs = 0;
          const requests = list.map(({ gapNs, phases }) => ({ atNs: (atNs += gapNs), phases }));
          const { departures, bench } = runWorld(world({ ...rest, server: timed(workers, 1), requests }));
          expect(departures.length).toBe(requests.length);
          expect(bench.inSystem()).toBe(0);
          for (const { partsNs, arrivedNs, departedNs, status } of departures) {
            expect(Math.min(...partsNs)).toBeGreaterThanOrEqual(0);
            expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
            if (status === Status.Killed) killed++;
          }
        }),
        { seed: 43, numRuns: 200 },
      );
      expect(killed).toBeGreaterThan(100);
    });
  });

  describe('with a listen queue of 1, which is full with 2', () => {
    const server = unicornServer(1, 1);
    const four = (length: number) => [0, 1, 2, 3].map((atNs) => ({ atNs, phases: [i(length)] }));

    it('a client that finds it full connects again after 1 s', () => {
      const [, , third, last] = run({ server, requests: four(ms(10)) });
      expect(third!.departedNs).toBe(ms(30));
      expect(last!.departedNs).toBe(SECOND + 3 + ms(10));
      expect(last!.partsNs[Part.Backlog]).toBe(SECOND);
    });

    it('after 3 s if it is still full then', () => {
      const [, , , last] = run({ server, requests: four(ms(1200)) });
      // Full until the second is taken at 1.2 s; the third attempt, at 3 s, waits for the third request's end at 3.6 s.
      expect(last!.partsNs[Part.Backlog]).toBe(ms(3600) - 3);
      expect(last!.departedNs).toBe(ms(4800));
    });

    it('and gives up after 131 s', () => {
      const [, , , last] = run({ server, requests: four(200 * SECOND) });
      expect(last!.status).toBe(Status.Refused);
      expect(last!.departedNs - last!.arrivedNs).toBe(131 * SECOND);
      expect(last!.partsNs[Part.Backlog]).toBe(131 * SECOND);
    });
  });
});
