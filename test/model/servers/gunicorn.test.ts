import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Part, Status } from '../../../src/model/observations.js';
import { GUNICORN_COSTS } from '../../../src/model/servers/gunicorn/costs.js';
import { load } from '../../scenario/load-text.js';
import { anyWorld } from '../../support/arbitraries.js';
import { c, h, i, ms, us } from '../../support/phases.js';
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

describe('workers of gunicorn that end', () => {
  it('max_requests: a worker takes so many, then another one takes its place', () => {
    const requests = Array.from({ length: 7 }, (_, k) => ({ atNs: ms(100 * k), phases: [i(ms(10))] }));
    for (const settings of [{}, { threads: 2 }, { worker_class: 'gevent' }]) {
      const server = gunicorn({ ...settings, max_requests: 3, boot_time: '150ms' });
      const latencies = run({ server, requests }).map(({ arrivedNs, departedNs }) => departedNs - arrivedNs);
      // The third is answered at 210 ms, and the next worker has loaded at 360 ms; the sixth at 510 ms, hence 660 ms.
      expect(latencies.map((ns) => ns / ms(1))).toEqual([10, 10, 10, 70, 10, 10, 70]);
    }
  });

  it('max_requests: what a gthread worker has accepted it serves', () => {
    const requests = [0, 1, 2, 3].map((k) => ({ atNs: ms(k), phases: [i(ms(10))] }));
    const served = run({ server: gunicorn({ threads: 2, max_requests: 2 }), requests });
    // Two are served when the second one says that it was the last; two more came after it, for the next worker.
    expect(served.map(({ departedNs }) => departedNs)).toEqual([ms(10), ms(11), ms(21), ms(21)]);
  });

  it('max_requests_jitter: each worker draws how many more it takes', () => {
    const requests = Array.from({ length: 400 }, (_, k) => ({ atNs: ms(10 * k), phases: [i(ms(1))] }));
    const server = gunicorn({ max_requests: 10, max_requests_jitter: 10, boot_time: '5ms' });
    const waits = run({ server, requests }).map(({ partsNs }) => partsNs[Part.Backlog]! > 0);
    expect(waits.filter(Boolean)).toEqual([]); // 5 ms of loading end before the next comes
    const slower = gunicorn({ max_requests: 10, max_requests_jitter: 10, boot_time: '12ms' });
    const late = run({ server: slower, requests }).flatMap(({ partsNs }, k) => (partsNs[Part.Backlog]! > 0 ? [k] : []));
    const lives = late.slice(1).map((k, index) => k - late[index]!);
    expect(Math.min(...lives)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...lives)).toBeLessThanOrEqual(20);
    expect(new Set(lives).size).toBeGreaterThan(2);
  });

  it('timeout: a sync worker is killed up to a second after it, and its replacement serves the next', () => {
    const requests = [
      { atNs: ms(1), phases: [i(ms(9000))] },
      { atNs: ms(2), phases: [i(ms(5))] },
    ];
    const [late, next] = run({ server: gunicorn({ timeout: '3s', boot_time: '40ms' }), requests });
    expect(late!.status).toBe(Status.Killed);
    expect(late!.departedNs).toBeGreaterThan(ms(3001) - 1);
    expect(late!.departedNs).toBeLessThan(ms(4001));
    expect(next!.departedNs).toBe(late!.departedNs + ms(45));
    for (const settings of [{ timeout: '0s' }, { timeout: '3s', threads: 2 }]) {
      expect(run({ server: gunicorn(settings), requests })[0]!.status).toBe(Status.Ok);
    }
  });

  it('timeout: a thread of gthread may compute for longer, as its main thread gets the GIL and reports', () => {
    const requests = [
      { atNs: ms(1), phases: [c(ms(9000))] },
      { atNs: ms(2), phases: [c(ms(5))] },
    ];
    const served = run({ server: gunicorn({ timeout: '3s', threads: 2 }), requests });
    expect(served.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok]);
    expect(served[1]!.departedNs).toBeLessThan(ms(100));
  });

  it('graceful_timeout: what has not ended by then is killed', () => {
    const requests = [0, 1].map((k) => ({ atNs: ms(k), phases: [i(ms(k === 0 ? 900 : 50))] }));
    for (const settings of [{ workers: 2 }, { threads: 2 }, { worker_class: 'gevent' }]) {
      const server = gunicorn({ ...settings, graceful_timeout: '300ms' });
      const operations = [{ kind: 'reload', atNs: ms(10), withinNs: ms(30_000) }] as const;
      const served = byArrival(runWorld({ ...world({ gvl: 'cpython', server, requests }), operations }));
      expect(served.map(({ status, departedNs }) => [status, departedNs])).toEqual([
        [Status.Killed, ms(310)],
        [Status.Ok, ms(51)],
      ]);
    }
  });
});

describe('gunicorn with gevent: a worker whose loop stands still', () => {
  const server = gunicorn({ worker_class: 'gevent', timeout: '2s' });
  const SECOND = 1e9;

  it('loses the request that computes, timeout - 1 s to timeout + 1 s after it began, and answers the others', () => {
    const requests = [
      { atNs: 0, phases: [i(ms(500)), c(20 * SECOND)] },
      { atNs: 0, phases: [i(ms(1000)), c(ms(1))] },
      { atNs: 0, phases: [i(ms(8000)), c(ms(1))] },
      { atNs: ms(12_000), phases: [c(ms(1))] },
    ];
    const [late, delayed, slow, next] = run({ server, requests });
    expect(late!.status).toBe(Status.Killed);
    const killedNs = late!.departedNs - ms(500);
    // A report may have been due just before it began; the arbiter looks once a second.
    expect(killedNs).toBeGreaterThan(1 * SECOND);
    expect(killedNs).toBeLessThanOrEqual(3 * SECOND);
    expect(late!.partsNs[Part.Run]).toBe(killedNs);
    expect(delayed).toMatchObject({ status: Status.Ok, departedNs: late!.departedNs + ms(1) });
    expect(slow).toMatchObject({ status: Status.Ok, departedNs: ms(8001) });
    expect(next!.status).toBe(Status.Ok);
  });

  it('is replaced', () => {
    const requests = [
      { atNs: 0, phases: [c(20 * SECOND)] },
      { atNs: ms(100), phases: [c(ms(1))] },
    ];
    const booting = gunicorn({ worker_class: 'gevent', timeout: '2s', worker_connections: 1, boot_time: '700ms' });
    const [late, next] = run({ server: booting, requests });
    expect(next).toMatchObject({ status: Status.Ok, departedNs: late!.departedNs + ms(701) });
  });

  it('is killed with all it has when it is silent again before it has ended, or in a C call', () => {
    const computes = { atNs: 0, phases: [i(ms(100)), c(20 * SECOND)] };
    const waits = { atNs: 0, phases: [i(ms(30_000)), c(ms(1))] };
    const twice = run({ server, requests: [computes, computes, waits] });
    expect(twice.map(({ status }) => status)).toEqual([Status.Killed, Status.Killed, Status.Killed]);
    expect(twice[1]!.departedNs).toBe(twice[2]!.departedNs);
    expect(twice[0]!.departedNs).toBeLessThan(twice[1]!.departedNs);
    const call = run({ server, requests: [{ atNs: 0, phases: [i(ms(100)), h(20 * SECOND)] }, waits] });
    expect(call.map(({ status }) => status)).toEqual([Status.Killed, Status.Killed]);
  });

  /** When the arbiter signals a worker that stands still from 0 on; it looks again a second later. */
  const signalledNs = (): number => run({ server, requests: [{ atNs: 0, phases: [c(20 * SECOND)] }] })[0]!.departedNs;

  it('in a C call that returns before the arbiter looks again, the request ends there and the others are answered', () => {
    const returnsNs = signalledNs() + ms(500);
    const long = { atNs: 0, phases: [h(returnsNs), c(ms(5))] };
    const waits = { atNs: 0, phases: [i(ms(8000)), c(ms(1))] };
    const [late, other] = run({ server, requests: [long, waits] });
    expect(late).toMatchObject({ status: Status.Killed, departedNs: returnsNs });
    expect(other).toMatchObject({ status: Status.Ok, departedNs: returnsNs + ms(8001) }); // its turn comes after the call
  });

  it('a C call that was too long does not make the next one the second: each ends its own request and no other', () => {
    const callNs = signalledNs() + ms(500);
    const requests = Array.from({ length: 6 }, (_, k) => [
      { atNs: 20 * k * SECOND, phases: [h(callNs), i(ms(100))] },
      { atNs: 20 * k * SECOND, phases: [i(ms(5000)), c(ms(1))] },
      { atNs: (20 * k + 10) * SECOND, phases: [c(ms(1))] },
    ]).flat();
    const served = run({ server, requests });
    expect(served.map(({ status }) => status)).toEqual(
      requests.map((_, k) => (k % 3 === 0 ? Status.Killed : Status.Ok)),
    );
    for (const [k, { departedNs, arrivedNs }] of served.entries()) {
      if (k % 3 === 0) expect(departedNs - arrivedNs).toBe(callNs);
    }
  });

  it('is left alone as long as the loop turns, or with timeout 0s', () => {
    const often = Array.from({ length: 40 }, () => [c(ms(900)), i(ms(1))]).flat();
    const [served] = run({ server, requests: [{ atNs: 0, phases: often }] });
    expect(served!.status).toBe(Status.Ok);
    const never = gunicorn({ worker_class: 'gevent', timeout: '0s' });
    expect(run({ server: never, requests: [{ atNs: 0, phases: [c(100 * SECOND)] }] })[0]!.status).toBe(Status.Ok);
  });

  it('loses no request otherwise: everybody leaves once, the parts add up, the calendar is empty in the end', () => {
    // Nearly every burst that goes on in a round is cut off.
    const strict = gunicorn({ worker_class: 'gevent', timeout: '1ms', workers: 2, worker_connections: 3 });
    let killed = 0;
    fc.assert(
      fc.property(anyWorld, (params) => {
        const { departures, bench } = runWorld(world({ ...params, gvl: 'cpython', server: strict }));
        expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
          params.requests.map((_, k) => k),
        );
        for (const { partsNs, arrivedNs, departedNs, status } of departures) {
          expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
          expect(partsNs.every((ns) => ns >= 0)).toBe(true);
          expect([Status.Ok, Status.Killed]).toContain(status);
          if (status === Status.Killed) killed++;
        }
        expect(bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
        expect(bench.inSystem()).toBe(0);
      }),
      { seed: 61, numRuns: 40 },
    );
    expect(killed).toBeGreaterThan(20);
  });
});
