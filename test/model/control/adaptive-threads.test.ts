import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../../src/kernel/kernel.js';
import { Rank } from '../../../src/kernel/ranks.js';
import { RequestTable } from '../../../src/model/entities/requests.js';
import { PARTS, Part, Status } from '../../../src/model/observations.js';
import { AdaptiveThreads } from '../../../src/model/workers/adaptive-threads/adaptive-threads.js';
import { load } from '../../scenario/load-text.js';
import { length, phase, requests } from '../../support/arbitraries.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, runWorld, world, written } from '../../support/worlds.js';

const SPEC = { above: 0.3, below: 0.1, min: 1, intervalNs: ms(100) };

/** A controller over a pool of five threads that only notes its size. */
function controller() {
  const kernel = new Kernel();
  const table = new RequestTable(kernel, 1);
  const pool = { limit: 5, busy: 5, resize: (limit: number) => void (pool.limit = limit) };
  const DECIDE = kernel.define('decide', Rank.Timer, () => control.decide());
  const control: AdaptiveThreads = new AdaptiveThreads(
    { ...SPEC, max: 5 },
    kernel,
    table,
    pool,
    kernel.timer(DECIDE, 0),
  );
  /** So many requests are answered now, which have waited and run for so long; then the interval ends. */
  const interval = (count: number, waitNs: number, runNs: number): number => {
    for (let k = 0; k < count; k++) {
      const request = table.take(k);
      table.partsNs[request * PARTS + Part.Queue] = ms(5000);
      table.partsNs[request * PARTS + Part.Run] = runNs;
      table.partsNs[request * PARTS + Part.GvlWait] = waitNs;
      control.answered(request);
      table.release(request);
    }
    kernel.runUntil(Number.POSITIVE_INFINITY);
    return pool.limit;
  };
  return { interval, pool, control, kernel };
}

describe('threads adapted to the contention at the GVL', () => {
  it('takes one away while requests wait for too much of their time, down to the fewest', () => {
    const { interval } = controller();
    expect([1, 2, 3, 4, 5].map(() => interval(10, ms(4), ms(6)))).toEqual([4, 3, 2, 1, 1]);
  });

  it('adds one while they hardly wait, if all were busy, up to the most', () => {
    const { interval, pool } = controller();
    pool.limit = 3;
    pool.busy = 2;
    expect(interval(10, 0, ms(6))).toBe(3);
    pool.busy = 9;
    expect([1, 2, 3].map(() => interval(10, 0, ms(6)))).toEqual([4, 5, 5]);
  });

  it('leaves it between the two shares, and says nothing of fewer than ten requests', () => {
    const { interval } = controller();
    expect(interval(10, ms(2), ms(8))).toBe(5);
    expect(interval(9, ms(4), ms(6))).toBe(5);
    expect(interval(1, ms(4), ms(6))).toBe(4);
  });

  it('keeps the integral of its limit', () => {
    const { interval, control, kernel } = controller();
    interval(10, ms(4), ms(6));
    interval(10, ms(4), ms(6));
    // 5 for the first 100 ms, 4 for the next, 3 now.
    expect(control.integral(kernel.nowNs())).toBe(9 * ms(100));
    expect(control.integral(kernel.nowNs() + 10)).toBe(9 * ms(100) + 30);
  });
});

describe('Puma with adaptive threads', () => {
  it('ends up with one thread where requests are all Ruby code, and serves them as fast', () => {
    const list = Array.from({ length: 800 }, (_, k) => ({ atNs: ms(11 * k + 1), phases: [c(ms(5)), i(1), c(ms(5))] }));
    const server = written('puma', { workers: 0, threads: 5 });
    const { bench, departures } = runWorld(
      world({ server, requests: [...Array(6).fill(list[0]!), ...list.slice(1)], control: { adaptiveThreads: SPEC } }),
    );
    const limit = bench.gauges.find(({ name }) => name === 'threads_in_use_limit_count')!;
    const nowNs = bench.kernel.nowNs();
    expect(limit.read(nowNs + 1) - limit.read(nowNs)).toBeLessThanOrEqual(2);
    expect(departures.length).toBe(805);
  });

  it('everybody leaves once, served whole, whatever happens to the number of threads', () => {
    const shares = fc.record({
      above: fc.constantFrom(0, 0.2, 0.5),
      below: fc.constantFrom(0, 0.2, 1),
      min: fc.integer({ min: 1, max: 4 }),
      intervalNs: length,
    });
    const servers = fc.record({
      version: fc.constantFrom('5.6', '6.6', '7.0.3', '7.2', '8.0'),
      workers: fc.integer({ min: 0, max: 2 }),
      threads: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 3, max: 5 })),
    });
    fc.assert(
      fc.property(requests(phase, 60), shares, servers, fc.boolean(), (list, adaptiveThreads, settings, overheads) => {
        const server = written('puma', settings);
        const spec = world({ server, requests: list, control: { adaptiveThreads }, overheads });
        const run = runWorld(spec);
        expect(byArrival(run).map(({ ordinal }) => ordinal)).toEqual(list.map((_, k) => k));
        expect(run.departures.every(({ status }) => status === Status.Ok)).toBe(true);
        expect(run.bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
      }),
      { seed: 41, numRuns: 60 },
    );
  });

  it('is not for servers whose number of threads is fixed', () => {
    const text = (server: string) =>
      `{version: 1, name: x, host: {cores: 1}, server: {${server}: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}, control: {adaptive_threads: {}}}`;
    expect(load(text('puma')).problems).toEqual([]);
    expect(load(text('unicorn')).problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'SCN_COMBINATION control.adaptive_threads',
    ]);
  });
});
