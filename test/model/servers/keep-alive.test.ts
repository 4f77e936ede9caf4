import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nanos } from '../../../src/kernel/time.js';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { PUMA_COSTS } from '../../../src/model/servers/puma/costs.js';
import { INLINE_WAIT_NS, MAX_FAST_INLINE } from '../../../src/model/servers/puma/kept-connections.js';
import type { LoadSpec } from '../../../src/model/spec.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { anyWorld } from '../../support/arbitraries.js';
import { c, i, ms, type Phase, us } from '../../support/phases.js';
import { byArrival, pumaServer, runWorld, unicornServer, type WorldParams, world } from '../../support/worlds.js';

const closed = (users: number, thinkNs: Nanos, keepAlive = true): LoadSpec => ({
  kind: 'closed',
  users,
  think: createConstant(thinkNs),
  keepAlive,
});
const alike = (count: number, phase: Phase) => Array.from({ length: count }, () => ({ atNs: 0, phases: [phase] }));
const latencies = (params: WorldParams): Nanos[] =>
  runWorld(world(params)).departures.map(({ departedNs, arrivedNs }) => departedNs - arrivedNs);
/** From sending to the start of the application. */
const delays = (params: WorldParams): Nanos[] =>
  byArrival(runWorld(world({ overheads: true, wakeLatencyNs: us(7), ...params }))).map((d) => d.startNs - d.arrivedNs);

describe('connections kept alive', () => {
  it('up to Puma 6 the thread waits for the next request, which needs no accept and no close', () => {
    const requests = alike(3, c(ms(5)));
    const run = byArrival(
      runWorld(
        world({
          server: pumaServer('6.6', 0, 1),
          overheads: true,
          wakeLatencyNs: us(7),
          requests,
          load: closed(1, ms(1)),
        }),
      ),
    );
    const [first, ...others] = run;
    const { keptReadNs, keptWriteNs, pickUpNs, parseNs, callNs } = PUMA_COSTS;
    expect(first!.partsNs[Part.Run]).toBe(pickUpNs + parseNs + callNs + ms(5) + keptWriteNs);
    for (const { partsNs, startNs, arrivedNs, departedNs, endNs } of others) {
      expect(startNs - arrivedNs).toBe(us(7) + keptReadNs);
      expect(departedNs - endNs).toBe(keptWriteNs);
      expect([partsNs[Part.Backlog], partsNs[Part.Queue]]).toEqual([0, us(7)]);
    }
  });

  it('up to Puma 6, with more connections than threads, ten requests of one run before the next is let in', () => {
    const params = { server: pumaServer('6.6', 0, 1), requests: alike(40, i(ms(10))), load: closed(2, 0) };
    const expected = Array.from({ length: 40 }, (_, k) => ms(k > 0 && k % MAX_FAST_INLINE === 0 ? 110 : 10));
    // The last one: nine of the other user's, then the thread waits in vain for a tenth.
    expected[39] = ms(90) + INLINE_WAIT_NS + ms(10);
    expect(latencies(params)).toEqual(expected);
  });

  it('from Puma 7 on they take turns', () => {
    for (const version of ['7.0', '7.2', '8.0']) {
      const params = { server: pumaServer(version, 0, 1), requests: alike(40, i(ms(10))), load: closed(2, 0) };
      expect(latencies(params)).toEqual(Array.from({ length: 40 }, (_, k) => ms(k === 0 ? 10 : 20)));
    }
  });

  it('a thread waits for 0.2 s at most up to Puma 6, not at all from 7 on', () => {
    const of = (version: string) =>
      latencies({ server: pumaServer(version, 0, 1), requests: alike(2, i(ms(10))), load: closed(2, ms(300)) });
    expect(of('6.6')).toEqual([ms(10), ms(10) + INLINE_WAIT_NS + ms(10)]);
    expect(of('7.2')).toEqual([ms(10), ms(20)]);
  });

  it('later the reactor brings the request, until the connection has been idle for persistent_timeout', () => {
    const server = pumaServer('6.6', 0, 1);
    const of = (thinkNs: Nanos) => delays({ server, requests: alike(3, c(ms(5))), load: closed(1, thinkNs) });
    const [fresh, soon] = of(ms(1));
    const { reactorNs, keptReadNs } = PUMA_COSTS;
    expect(soon).toBe(us(7) + keptReadNs);
    const pause = us(7) + reactorNs + us(7) + keptReadNs;
    expect(of(SECOND)).toEqual([fresh, pause, pause]);
    expect(of(19 * SECOND)).toEqual([fresh, pause, pause]);
    expect(of(21 * SECOND)).toEqual([fresh, fresh, fresh]);
    const newer = { server: pumaServer('7.2', 0, 1), requests: alike(3, c(ms(5))) };
    expect(delays({ ...newer, load: closed(1, 64 * SECOND) })).toEqual([fresh, pause, pause]);
    expect(delays({ ...newer, load: closed(1, 66 * SECOND) })).toEqual([fresh, fresh, fresh]);
  });

  it('Puma 7 closes a connection after 999 requests', () => {
    const params = { server: pumaServer('7.2', 0, 1), requests: alike(1001, c(us(10))), load: closed(1, ms(1)) };
    const of = delays(params);
    const [fresh, kept] = of;
    expect(fresh).not.toBe(kept);
    expect(of.flatMap((delay, ordinal) => (delay === fresh ? [ordinal] : []))).toEqual([0, 999]);
  });

  it('are not kept by Unicorn, nor by Puma without queue_requests', () => {
    const puma = pumaServer('6.6', 0, 2);
    const withoutReactor = { ...puma, params: { ...(puma.params as object), queueRequests: false } };
    for (const server of [unicornServer(2), withoutReactor]) {
      const params = { server, requests: alike(30, c(ms(5))), overheads: true };
      const kept = runWorld(world({ ...params, load: closed(3, ms(1)) })).departures;
      expect(kept).toEqual(runWorld(world({ ...params, load: closed(3, ms(1), false) })).departures);
    }
  });

  it('Puma 5 gives the lock up between the answer and the end: no request is lost with a connection that closes', () => {
    // Three threads hand the lock on at every call; four users send at once when they are answered.
    const requests = Array.from({ length: 600 }, (_, k) => ({
      atNs: 0,
      phases: [c(ms(1 + (k % 7))), i(ms(k % 5)), c(ms(1 + (k % 3)))],
    }));
    const params = { gvl: 'fifo-ticks', server: pumaServer('5.6', 0, 3), requests, overheads: true } as const;
    const all = latencies({ ...params, wakeLatencyNs: us(7), load: closed(4, 0) });
    expect(all).toHaveLength(600);
  });

  it('whatever the server, the lock and the load: everybody is answered once, and the parts add up', () => {
    const drawn = fc.record({
      params: anyWorld,
      version: fc.constantFrom('5.6', '6.6', '7.0.3', '7.2', '8.0'),
      workers: fc.integer({ min: 0, max: 2 }),
      threads: fc.integer({ min: 1, max: 3 }),
      users: fc.integer({ min: 1, max: 8 }),
      thinkNs: fc.constantFrom(0, us(13), ms(150), ms(199.99), ms(200), ms(200.01), SECOND),
    });
    fc.assert(
      fc.property(drawn, ({ params, version, workers, threads, users, thinkNs }) => {
        const server = pumaServer(version, workers, threads);
        const { departures, bench } = runWorld(world({ ...params, server, load: closed(users, thinkNs) }));
        expect(new Set(departures.map(({ ordinal }) => ordinal)).size).toBe(params.requests.length);
        expect(departures.length).toBe(params.requests.length);
        expect(bench.inSystem()).toBe(0);
        for (const { partsNs, arrivedNs, departedNs, status } of departures) {
          expect(status).toBe(Status.Ok);
          expect(Math.min(...partsNs)).toBeGreaterThanOrEqual(0);
          expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
        }
      }),
      { seed: 47, numRuns: 300 },
    );
  });
});
