import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import type { Bench } from '../../../src/model/bench.js';
import { Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { pumaFile } from '../../../src/model/servers/puma/config-file.js';
import { type PumaParams, pumaProblems } from '../../../src/model/servers/puma/params.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { ms } from '../../support/phases.js';
import { byArrival, type Departure, runWorld, world, written } from '../../support/worlds.js';

/** Requests of 300 ms I/O, one each 10 ms, for so many seconds; a worker of three begins one each 30 ms, drawn. */
function steady(
  settings: object,
  seconds: number,
  operations: readonly unknown[] = [],
  cores = 8,
  prepare: (bench: Bench) => void = () => {},
): Departure[] {
  const server = written('puma', { version: '7.2', workers: 3, threads: 40, ...settings });
  const load = { kind: 'renewal', interarrival: createConstant(ms(10)) } as const;
  const spec = world({ server, load, cores, phases: [[PhaseKind.Io, createConstant(ms(300))]] });
  const limits = { durationNs: seconds * SECOND };
  return byArrival(
    runWorld(
      { ...spec, ...(operations.length > 0 && { operations: operationsParams.parse(operations) }) },
      { limits, prepare },
    ),
  );
}

type Pause = [number, number];

/** Times in which the worker began no request for longer than `seconds`: from, to [s]. */
function pauses(departures: readonly Departure[], worker: number, seconds: number): Pause[] {
  const starts = departures.filter(({ process }) => process === worker).map(({ startNs }) => startNs / SECOND);
  return starts.slice(1).flatMap((to, k): Pause[] => (to - starts[k]! > seconds ? [[starts[k]!, to]] : []));
}

const isServed = ({ status }: Departure): boolean => status === Status.Ok;

describe('fork_worker', () => {
  it('reforks once: workers 1 and 2 in their turn, and worker 0 stands still until the last is back', () => {
    const departures = steady({ fork_worker: 40 }, 20);
    expect(departures.every(isServed)).toBe(true);
    // Worker 0 has served 40 after 1.2 s, and reports at 5 s. Worker 1 then finishes what it has, 300 ms after its last start; then
    // worker 0, from which it is to be forked; then worker 2, which is forked at once. Each begins a request within 0.2 s after it may.
    const all = [0, 1, 2].map((worker) => pauses(departures, worker, 0.25));
    expect(all.map(({ length }) => length)).toEqual([1, 1, 1]);
    const [[zero], [one], [two]] = all as [[Pause], [Pause], [Pause]];
    const oneHasGone = one[0] + 0.3;
    const zeroStandsStill = zero[0] + 0.3;
    const twoHasGone = two[0] + 0.3;
    const isSoonAfter = (time: number, from: number): void => {
      expect(time).toBeGreaterThan(from - 0.001);
      expect(time).toBeLessThan(from + 0.2);
    };
    isSoonAfter(5, one[0]);
    isSoonAfter(oneHasGone, zero[0]);
    isSoonAfter(one[1], zeroStandsStill);
    isSoonAfter(zeroStandsStill, two[0]);
    isSoonAfter(two[1], twoHasGone);
    isSoonAfter(zero[1], twoHasGone);
  });

  it('0 does not refork', () => {
    const departures = steady({ fork_worker: 0 }, 20);
    for (const worker of [0, 1, 2]) expect(pauses(departures, worker, 0.25)).toEqual([]);
  });

  it('a phased restart loads the application in worker 0 only', () => {
    const settings = { preload_app: false, boot_time: '4s' };
    const restart = [{ phased_restart: { at: '1s' } }];
    const forked = steady({ ...settings, fork_worker: 0 }, 20, restart);
    const loaded = steady(settings, 20, restart);
    const long = (departures: Departure[]) => [0, 1, 2].map((worker) => pauses(departures, worker, 3.9).length);
    expect(long(loaded)).toEqual([1, 1, 1]);
    expect(long(forked)).toEqual([1, 0, 0]);
    expect(forked.every(isServed)).toBe(true);
  });

  it('a server that starts loads the application once, however few cores there are', () => {
    const settings = { preload_app: false, boot_time: '2s', fork_worker: 0 };
    const departures = steady(settings, 6, [{ full_restart: { at: '1s' } }], 1);
    expect(departures.every(isServed)).toBe(true);
    const slowest = Math.max(...departures.map(({ arrivedNs, startNs }) => startNs - arrivedNs));
    expect(slowest).toBeGreaterThan(2 * SECOND);
    expect(slowest).toBeLessThan(3 * SECOND); // 300 ms until all have ended, 2 s, and a queue of 230 for 120 threads
  });

  it('a worker that is lost is forked from worker 0, which finishes what it has first', () => {
    const departures = steady({ fork_worker: 0 }, 6, [{ worker_loss: { at: '2s', worker: 1 } }]);
    const failed = departures.filter((one) => !isServed(one));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ process, departedNs }) => process === 1 && departedNs === 2 * SECOND)).toBe(true);
    for (const worker of [0, 1]) {
      const [[from, to]] = pauses(departures, worker, 0.25) as [Pause];
      expect(from).toBeLessThanOrEqual(2);
      expect(to).toBeGreaterThan(2.29);
      expect(to).toBeLessThan(2.5);
    }
    expect(pauses(departures, 2, 0.25)).toEqual([]);
  });

  it.each([
    ['a host that is lost and comes back', { host_loss: { at: '5400ms', back_after: '1s' } }, 5.4],
    ['a full restart', { full_restart: { at: '5100ms' } }, 5.7],
  ])('%s in the middle of a refork: nobody replaces the workers that are there then', (_, operation, goneBy) => {
    // As above: worker 1 is drained at 5 s, ends at 5.3 s at the latest, and is forked 300 ms later. The next report that counts comes at 10 s.
    const gone: number[] = [];
    const departures = steady({ fork_worker: 40 }, 9.5, [operation], 8, ({ processes, kernel }) => {
      processes!.watch({ gone: () => gone.push(kernel.nowNs() / SECOND) });
    });
    expect(gone.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...gone.filter((time) => time < 9.9))).toBeLessThan(goneBy + 0.01);
    expect(departures.filter(({ arrivedNs }) => arrivedNs > 7 * SECOND).every(isServed)).toBe(true);
  });

  it('what worker 0 had served counts no more when another one has taken its place', () => {
    // It has served 40 after 1.2 s and would report at 5 s; the next one has served 40 after 5 s, and reports at 10 s.
    const departures = steady({ fork_worker: 40 }, 9.9, [{ worker_loss: { at: '4500ms', worker: 0 } }]);
    for (const worker of [1, 2]) {
      const after = departures.filter(({ arrivedNs }) => arrivedNs > 5 * SECOND);
      expect(pauses(after, worker, 0.25)).toEqual([]);
    }
  });

  it('it reforks once, whatever becomes of worker 0 after that', () => {
    // Another worker 0 has served 40 before 9 s, and would report at 10 s.
    const departures = steady({ fork_worker: 40 }, 12, [{ worker_loss: { at: '7s', worker: 0 } }]);
    const after = departures.filter(({ arrivedNs }) => arrivedNs > 8 * SECOND);
    for (const worker of [0, 1, 2]) expect(pauses(after, worker, 0.25)).toEqual([]);
  });

  it('needs two workers, and a phased restart workers without preload_app', () => {
    const problems = (settings: object, kind?: string) =>
      pumaProblems(written('puma', { workers: 2, fork_worker: 1000, ...settings }).params as PumaParams, {
        operations: kind === undefined ? [] : [{ kind }],
      }).map(({ path }) => path.join('.'));
    expect(problems({})).toEqual([]);
    expect(problems({ workers: 1 })).toEqual(['fork_worker']);
    expect(problems({}, 'phased-restart')).toEqual(['preload_app']);
    expect(problems({ preload_app: false }, 'phased-restart')).toEqual([]);
    const params = written('puma', { workers: 2, fork_worker: 500 }).params as PumaParams;
    expect(pumaFile(params)).toContain('\nfork_worker 500\n');
  });
});
