import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS, limitType } from '../../../src/model/control/admission/limits/index.js';
import type { ConcurrencyLimit } from '../../../src/model/control/admission/limits/limit.js';
import { Status } from '../../../src/model/observations.js';
import { load } from '../../scenario/load-text.js';
import { anyWorld } from '../../support/arbitraries.js';
import { c, ms } from '../../support/phases.js';
import { byArrival, idealServer, runWorld, unicornServer, world } from '../../support/worlds.js';

const admission = (kind: string, written: object) => ({ kind, value: limitType(kind).params.parse(written) });
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** A limit, and a clock that its samples move. */
function limitOf(kind: string, written: object): { limit: ConcurrencyLimit; at(nowNs: number): void } {
  let now = 0;
  const { value } = admission(kind, written);
  return { limit: limitType(kind).create(value, () => now), at: (nowNs) => (now = nowNs) };
}

describe('an admission gate', () => {
  const list = [0, 1, 2, 3, 11].map((at) => ({ atNs: ms(at), phases: [c(ms(10))] }));

  it('lets as many in as the limit says, waiting ones included, and refuses the others at once', () => {
    const control = { admission: admission('fixed', { limit: 2 }) };
    const run = byArrival(runWorld(world({ server: unicornServer(1), requests: list, control })));
    expect(run.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok, Status.Shed, Status.Shed, Status.Ok]);
    expect(run.map(({ departedNs }) => departedNs)).toEqual([ms(10), ms(20), ms(2), ms(3), ms(30)]);
    expect(run[2]).toMatchObject({ process: -1, thread: -1 });
  });

  it('guards every host behind a balancer by itself', () => {
    const control = { admission: admission('fixed', { limit: 1 }) };
    const edges = { balancer: { hosts: 2, balance: 'round_robin' } };
    const run = byArrival(runWorld(world({ server: unicornServer(1), requests: list, control, edges })));
    expect(run.map(({ status }) => status)).toEqual([Status.Ok, Status.Ok, Status.Shed, Status.Shed, Status.Ok]);
  });

  it('goes on counting a request whose client has gone until the server is done with it', () => {
    const control = { admission: admission('fixed', { limit: 1 }) };
    const edges = { clients: { timeoutNs: ms(4), retries: null, gatewayTimeoutNs: Number.POSITIVE_INFINITY } };
    const requests = [0, 6, 11].map((at) => ({ atNs: ms(at), phases: [c(ms(10))] }));
    const run = byArrival(runWorld(world({ server: unicornServer(1), requests, control, edges })));
    expect(run.map(({ status }) => status)).toEqual([Status.Abandoned, Status.Shed, Status.Abandoned]);
  });

  it.each(LIMITS.map(({ name }) => name))(
    '%s: everybody leaves once, and no more are inside than the limit',
    (kind) => {
      fc.assert(
        fc.property(anyWorld, fc.integer({ min: 1, max: 6 }), (params, most) => {
          const written = kind === 'fixed' ? { limit: most } : { initial: most, min: 1, max: most };
          const spec = world({ ...params, control: { admission: admission(kind, written) } });
          const { departures, bench } = runWorld(spec);
          expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
            params.requests.map((_, k) => k),
          );
          expect([bench.inSystem(), bench.kernel.runUntil(Number.POSITIVE_INFINITY)]).toEqual([0, 'no events']);
          for (const { partsNs, arrivedNs, departedNs, status } of departures) {
            expect(sum(partsNs)).toBe(departedNs - arrivedNs);
            expect([Status.Ok, Status.Shed]).toContain(status);
          }
          const inside = departures.filter(({ status }) => status === Status.Ok);
          for (const { arrivedNs } of inside) {
            const then = inside.filter((other) => other.arrivedNs <= arrivedNs && other.departedNs > arrivedNs);
            expect(then.length).toBeLessThanOrEqual(most);
          }
        }),
        { seed: 32, numRuns: 40 },
      );
    },
  );

  it('is one more limit than a system without it: nobody is refused whom it has room for', () => {
    fc.assert(
      fc.property(anyWorld, (params) => {
        const spec = { ...params, overheads: false };
        const free = byArrival(runWorld(world(spec)));
        const wide = { admission: admission('fixed', { limit: 1000 }) };
        expect(byArrival(runWorld(world({ ...spec, control: wide })))).toEqual(free);
      }),
      { seed: 33, numRuns: 20 },
    );
  });
});

describe('AIMD', () => {
  it('grows by one with each answer while half of it is used, and is cut by drops and slow answers', () => {
    const { limit } = limitOf('aimd', { initial: 10, max: 12, timeout: '1s', backoff_ratio: 0.5 });
    limit.sample(ms(10), 4, false);
    expect(limit.limit).toBe(10);
    for (const inFlight of [5, 6, 7]) limit.sample(ms(10), inFlight, false);
    expect(limit.limit).toBe(12);
    limit.sample(ms(1001), 12, false);
    expect(limit.limit).toBe(6);
    for (let k = 0; k < 5; k++) limit.sample(ms(10), 6, true);
    expect(limit.limit).toBe(1);
  });

  it('finds a limit near where answers take as long as they may', () => {
    // One worker, 10 ms a request, twice the load: with n inside an answer takes 10 n ms, so 80 ms means about 8.
    const requests = Array.from({ length: 4000 }, (_, k) => ({ atNs: ms(5 * k + 1), phases: [c(ms(10))] }));
    const control = { admission: admission('aimd', { timeout: '80ms' }) };
    const { departures, bench } = runWorld(world({ server: idealServer(1, 1), requests, control }));
    const served = departures.filter(({ status, ordinal }) => status === Status.Ok && ordinal > 1000);
    const latencies = served.map(({ departedNs, arrivedNs }) => departedNs - arrivedNs);
    // What is let in now is heard of after a round trip, in which eight more answers raise the limit: a saw tooth.
    expect(Math.max(...latencies)).toBeLessThanOrEqual(ms(80 + 80 + 10));
    // The limit never falls so far that the worker runs dry.
    const held = bench.gauges.find(({ name }) => name === 'gvl_utilisation_ratio')!;
    expect(held.read(bench.kernel.nowNs())).toBe(bench.kernel.nowNs() - ms(1));
  });
});

describe('the gradient', () => {
  /** Windows of ten requests. */
  const feed = (of: ReturnType<typeof limitOf>, windows: number, roundTripNs: number, from: number): number => {
    for (let w = 0; w < windows; w++) {
      for (let k = 0; k < 10; k++) {
        of.at(ms(1001 * (from + w)) + k);
        of.limit.sample(roundTripNs, of.limit.limit, false);
      }
    }
    return from + windows;
  };

  it('grows while latencies are as usual: by smoothing x queue_size a window', () => {
    const of = limitOf('gradient', { initial: 20, queue_size: 5, smoothing: 0.2 });
    // The first request ends a window that is thrown away, the first one of each later batch ends a window of ten.
    feed(of, 11, ms(50), 1);
    expect(of.limit.limit).toBe(20 + 10);
  });

  it('falls when answers take longer than tolerance allows, and by no more than half', () => {
    const of = limitOf('gradient', { initial: 100, min: 1, smoothing: 1, queue_size: 1 });
    const next = feed(of, 12, ms(50), 1);
    const before = of.limit.limit;
    feed(of, 1, ms(5000), next);
    expect(of.limit.limit).toBe(Math.floor(before / 2 + 1));
  });

  it('stays as it is while less than half of it is used', () => {
    const of = limitOf('gradient', { initial: 40 });
    for (let k = 0; k < 100; k++) {
      of.at(ms(101 * k));
      of.limit.sample(ms(50), 19, false);
    }
    expect(of.limit.limit).toBe(40);
  });

  it('says nothing of windows with fewer than ten requests', () => {
    const of = limitOf('gradient', { initial: 20 });
    for (let k = 1; k < 60; k++) {
      of.at(ms(150 * k));
      of.limit.sample(ms(50), 20, false);
    }
    expect(of.limit.limit).toBe(20);
  });
});

describe('control in a scenario', () => {
  const text = (control: string, more = '', users = 'open: {rate: 1/s}') =>
    `{version: 1, name: x, host: {cores: 1}, server: {unicorn: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {${users}}, control: ${control}${more}}`;

  it('has the defaults of its source', () => {
    const { control } = load(text('{admission: {gradient: {}}}')).experiment!.configurations[0]!.system;
    expect(control!.admission!.value).toMatchObject({ min: 20, max: 200, tolerance: 1.5, windowNs: 1e9 });
    expect(limitOf('gradient', {}).limit.limit).toBe(20);
    const low = load(text('{admission: {gradient: {max: 10}}}')).experiment!.configurations[0]!.system;
    expect(low.control!.admission!.value).toMatchObject({ min: 10, max: 10 });
    expect(control!.queueAge).toBeNull();
  });

  it.each([
    ['aimd', {}, 10],
    ['aimd', { max: 4 }, 4],
    ['aimd', { min: 30 }, 30],
    ['gradient', { min: 2, max: 8 }, 8],
    ['gradient', { initial: 50 }, 50],
  ])('%s %j begins with %i', (kind, written, first) => expect(limitOf(kind, written).limit.limit).toBe(first));

  it.each([
    ['{admission: {}}', 'SCN_ONE_KEY'],
    ['{admission: {aimd: {backoff_ratio: 0.2}}}', 'SCN_RANGE'],
    ['{shed_by_queue_age: {}}', 'SCN_REQUIRED'],
    ['{shed: {}}', 'SCN_UNKNOWN_KEY'],
  ])('%s is a problem', (control, code) => {
    expect(load(text(control)).problems.map((problem) => problem.code)).toEqual([code]);
  });

  it('does not let users come back for ever at the same instant', () => {
    const again = text('{admission: {fixed: {limit: 1}}}', ', overheads: none', 'closed: {users: 2}');
    expect(load(again).problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'SCN_COMBINATION control.admission',
    ]);
  });
});
