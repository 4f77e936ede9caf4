import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTS, Part, Status } from '../../../src/model/observations.js';
import { anyWorld } from '../../support/arbitraries.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, runWorld, unicornServer, world, written } from '../../support/worlds.js';

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('load shedding by queue age', () => {
  const list = [0, 1, 2, 3].map((at) => ({ atNs: ms(at), phases: [c(ms(6)), i(ms(4))] }));

  it('serves whom it takes in time and answers the others at once, so who comes behind them is served', () => {
    const control = { queueAge: { limitNs: ms(15) } };
    const run = byArrival(runWorld(world({ server: unicornServer(1), requests: list, control })));
    expect(run.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok, Status.Shed, Status.Shed]);
    expect(run.map(({ departedNs }) => departedNs)).toEqual([ms(10), ms(20), ms(20), ms(20)]);
    expect(run[2]!.partsNs[Part.Run]! + run[2]!.partsNs[Part.Io]!).toBe(0);
  });

  it('a request that is exactly as old as it may be is served', () => {
    const control = { queueAge: { limitNs: ms(9) } };
    const run = byArrival(runWorld(world({ server: unicornServer(1), requests: list.slice(0, 2), control })));
    expect(run.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok]);
  });

  it('costs the server what it does around the application', () => {
    const control = { queueAge: { limitNs: ms(15) } };
    const server = written('puma', { workers: 0, threads: 1 });
    const { departures } = runWorld(world({ server, requests: list, control, overheads: true }));
    const [shed] = departures.filter(({ status }) => status === Status.Shed);
    expect(shed!.partsNs[Part.Run]).toBeGreaterThan(0);
    expect(shed!.partsNs[Part.Run]).toBeLessThan(ms(1));
  });

  it('everybody leaves once: served whole within the limit, or shed without a part of it', () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom(ms(1), ms(20), ms(400)), (params, limitNs) => {
        const { departures, bench } = runWorld(world({ ...params, control: { queueAge: { limitNs } } }));
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
          params.requests.map((_, k) => k),
        );
        expect(bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
        for (const { status, partsNs, arrivedNs, departedNs, startNs, endNs } of departures) {
          expect(sum(partsNs)).toBe(departedNs - arrivedNs);
          expect(partsNs.length).toBe(PARTS);
          expect(status).toBe(startNs - arrivedNs > limitNs ? Status.Shed : Status.Ok);
          if (status === Status.Shed) expect(endNs).toBe(startNs);
        }
      }),
      { seed: 31, numRuns: 60 },
    );
  });
});
