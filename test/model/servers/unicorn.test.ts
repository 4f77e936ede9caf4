import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { UNICORN_COSTS } from '../../../src/model/servers/unicorn/costs.js';
import { c, i, ms, us } from '../../support/phases.js';
import { byArrival, runWorld, unicornServer, type WorldParams, world } from '../../support/worlds.js';

const run = (params: WorldParams) => byArrival(runWorld(world(params)));

describe('Unicorn', () => {
  it('wakes idle workers in a fixed order, so the first gets everything while the load is low', () => {
    const far = [0, 20, 40, 60].map((at) => ({ atNs: ms(at), phases: [c(ms(5))] }));
    expect(run({ server: unicornServer(3), requests: far }).map(({ process }) => process)).toEqual([0, 0, 0, 0]);
    const near = [0, 1, 2, 3].map((at) => ({ atNs: ms(at), phases: [i(ms(10))] }));
    expect(run({ server: unicornServer(3), requests: near }).map(({ process }) => process)).toEqual([0, 1, 2, 0]);
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
    const { acceptAndParseNs, writeNs } = UNICORN_COSTS;
    expect(only!.startNs).toBe(ms(1) + us(7) + acceptAndParseNs);
    expect(only!.endNs - only!.startNs).toBe(ms(5));
    expect(only!.departedNs - only!.endNs).toBe(writeNs);
    expect(only!.partsNs[Part.Backlog]).toBe(us(7));
    expect(only!.partsNs[Part.Run]).toBe(acceptAndParseNs + ms(5) + writeNs);
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

    it('and gives up after 127 s', () => {
      const [, , , last] = run({ server, requests: four(200 * SECOND) });
      expect(last!.status).toBe(Status.Refused);
      expect(last!.departedNs - last!.arrivedNs).toBe(127 * SECOND);
      expect(last!.partsNs[Part.Backlog]).toBe(127 * SECOND);
    });
  });
});
