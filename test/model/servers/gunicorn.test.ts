import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import { GUNICORN_COSTS } from '../../../src/model/servers/gunicorn/costs.js';
import { load } from '../../scenario/load-text.js';
import { c, i, ms, us } from '../../support/phases.js';
import {
  byArrival,
  departureTimes,
  idealServer,
  runWorld,
  type WorldParams,
  world,
  written,
} from '../../support/worlds.js';

const run = (params: WorldParams) => byArrival(runWorld(world({ gvl: 'cpython', ...params })));
const gunicorn = (settings: Readonly<Record<string, unknown>>) => written('gunicorn', settings);

describe('gunicorn', () => {
  it('sync: one request at a time a worker, one queue for all of them', () => {
    const requests = [9, 2, 7, 1, 1, 4, 8, 3].map((length, k) => ({ atNs: ms(k), phases: [c(ms(length))] }));
    expect(departureTimes(runWorld(world({ server: gunicorn({ workers: 3 }), requests })))).toEqual(
      departureTimes(runWorld(world({ server: idealServer(3, 1), requests }))),
    );
  });

  it('sync: a connection wakes all idle workers, and any of them may be first', () => {
    const requests = Array.from({ length: 60 }, (_, k) => ({ atNs: ms(20 * k), phases: [c(ms(5))] }));
    const workers = run({ server: gunicorn({ workers: 3 }), requests }).map(({ process }) => process);
    expect(new Set(workers)).toEqual(new Set([0, 1, 2]));
  });

  it('sync with several threads is gthread, as gunicorn has it', () => {
    expect(gunicorn({ threads: 4 }).params).toMatchObject({ workerClass: 'gthread', threads: 4 });
  });

  it('gthread: accepts what comes into the queue of its pool', () => {
    const requests = [0, 0, 0].map((atNs) => ({ atNs, phases: [i(ms(10))] }));
    const served = run({ server: gunicorn({ threads: 2 }), requests });
    expect(served.map(({ partsNs }) => [partsNs[Part.Backlog], partsNs[Part.Queue]])).toEqual([
      [0, 0],
      [0, 0],
      [0, ms(10)],
    ]);
  });

  it('gthread: not more than worker_connections; the others wait in the kernel', () => {
    const requests = [0, 0, 0].map((atNs) => ({ atNs, phases: [i(ms(10))] }));
    const served = run({ server: gunicorn({ threads: 2, worker_connections: 2 }), requests });
    expect(served[2]!.partsNs[Part.Backlog]).toBe(ms(10));
  });

  it('adds its own work', () => {
    const requests = [{ atNs: ms(1), phases: [c(ms(5))] }];
    const C = GUNICORN_COSTS;
    const wakeLatencyNs = us(7);
    const [sync] = run({ server: gunicorn({}), overheads: true, wakeLatencyNs, requests });
    expect(sync!.startNs - sync!.arrivedNs).toBe(wakeLatencyNs + C.syncBeforeNs);
    expect(sync!.departedNs - sync!.endNs).toBe(C.headerNs + C.bodyNs + C.closeNs);
    const [threaded] = run({ server: gunicorn({ threads: 2 }), overheads: true, wakeLatencyNs, requests });
    // The main thread still has things to do when the pool thread is awake, which then waits for the GIL.
    const acceptorNs = wakeLatencyNs + C.acceptNs + C.enqueueNs;
    expect(threaded!.startNs - threaded!.arrivedNs).toBe(acceptorNs + wakeLatencyNs + C.pickUpNs + C.parseNs);
  });

  it('runs Python: without a language in the scenario that is what it gets; Ruby is a warning', () => {
    const text = (language: string) =>
      `{version: 1, name: x, host: {cores: 1}, ${language} server: {gunicorn: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}}`;
    const { experiment, warnings } = load(text(''));
    expect(experiment!.configurations[0]!.system.runtime).toMatchObject({
      language: 'python',
      gvl: 'cpython',
      quantumNs: ms(5),
    });
    expect(warnings).toEqual([]);
    expect(load(text('ruby: {},')).warnings.map(({ message }) => message)).toEqual([
      'gunicorn runs Python; simulated as if it could run Ruby',
    ]);
  });
});
