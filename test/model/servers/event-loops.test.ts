import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { createExponential } from '../../../src/random/distributions/index.js';
import { c, i, ms, n } from '../../support/phases.js';
import {
  byArrival,
  departureTimes,
  idealServer,
  runWorld,
  type WorldParams,
  world,
  written,
} from '../../support/worlds.js';

const run = (params: WorldParams) => byArrival(runWorld(world(params)));

describe.each([
  ['Falcon', written('falcon', { connections: 10 })],
  ['gunicorn with gevent', written('gunicorn', { worker_class: 'gevent', worker_connections: 10 })],
] as const)('%s', (_, server) => {
  it('serves all that wait for I/O at the same time, one at a time that computes', () => {
    const requests = [0, 0, 0].map((atNs) => ({ atNs, phases: [i(ms(100)), c(ms(10))] }));
    const served = run({ server, requests });
    expect(served.map(({ departedNs }) => departedNs)).toEqual([ms(110), ms(120), ms(130)]);
    expect(served.map(({ partsNs }) => partsNs[Part.GvlWait])).toEqual([0, ms(10), ms(20)]);
  });

  it('never interrupts: a burst of half a second delays everybody else by what is left of it', () => {
    const requests = [
      { atNs: 0, phases: [c(ms(500))] },
      { atNs: ms(100), phases: [c(ms(1))] },
    ];
    const times = (gvlServer: WorldParams['server']) =>
      departureTimes(runWorld(world({ server: gvlServer, requests })));
    expect(times(server)).toEqual([ms(500), ms(501)]);
    // Two threads under a GVL: the slice of 100 ms ends it.
    expect(times(idealServer(1, 2))[1]).toBeLessThan(ms(250));
  });

  it('runs fibers in the order in which their I/O is done', () => {
    const requests = [30, 20, 10].map((wait) => ({ atNs: 0, phases: [i(ms(wait)), c(ms(50))] }));
    expect(run({ server, requests }).map(({ departedNs }) => departedNs)).toEqual([ms(160), ms(110), ms(60)]);
  });

  it('stands still while native code runs, although that gives up the GVL', () => {
    const requests = [0, 1].map((at) => ({ atNs: ms(at), phases: [n(ms(20))] }));
    expect(departureTimes(runWorld(world({ server, requests })))).toEqual([ms(20), ms(40)]);
  });

  it('takes no more connections than it is allowed to', () => {
    const requests = Array.from({ length: 12 }, () => ({ atNs: 0, phases: [i(ms(100))] }));
    const served = run({ server, requests });
    expect(served.filter(({ departedNs }) => departedNs === ms(100)).length).toBe(10);
    expect(served.at(-1)!.partsNs[Part.Backlog]).toBe(ms(100));
  });

  it('without I/O it is one queue, first come, first served, as the yardstick with one thread', () => {
    const params = {
      phases: [[PhaseKind.Cpu, createExponential(ms(8))]] as const,
      load: { kind: 'renewal', interarrival: createExponential(ms(10)) } as const,
    };
    const limits = { requests: 500 };
    const times = (of: WorldParams['server']) => departureTimes(runWorld(world({ ...params, server: of }), { limits }));
    // Ten connections are accepted ahead; they are served in the order of the queue all the same.
    expect(times(server)).toEqual(times(idealServer(1, 1)));
  });
});
