import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rank } from '../../src/kernel/ranks.js';
import type { Bench } from '../../src/model/bench.js';
import { Part, Status } from '../../src/model/observations.js';
import { PhaseKind } from '../../src/model/phases.js';
import {
  createExponential,
  createHyperexponential,
  hyperexponentialFromMeanAndCv,
} from '../../src/random/distributions/index.js';
import { anyServer, anyWorld, length, phase, requests } from '../support/arbitraries.js';
import { c, ms, type Phase } from '../support/phases.js';
import { byArrival, idealServer, runWorld, unicornServer, type WorldRun, world } from '../support/worlds.js';

/** Number of random systems for each law. `GVLSIM_TEST_RUNS=5000 npx vitest run test/model` looks longer. */
const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 200);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const demandOf = (phases: readonly Phase[], ...kinds: readonly number[]): number =>
  sum(phases.filter(({ kind }) => kinds.includes(kind)).map(({ ns }) => ns));

describe('whatever the server, the lock, the cores and the collector', () => {
  it('everybody who came leaves once, answered, and the calendar is empty', () => {
    check(anyWorld, (params) => {
      const { departures, bench } = runWorld(world(params));
      const everybody = params.requests.map((_, ordinal) => ordinal);
      expect(departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(everybody);
      expect(departures.every(({ status }) => status === Status.Ok)).toBe(true);
      expect([bench.arrivals(), bench.inSystem()]).toEqual([everybody.length, 0]);
      expect(bench.kernel.runUntil(Number.POSITIVE_INFINITY)).toBe('no events');
    });
  });

  it('the parts of a latency are not negative and add up to it exactly', () => {
    check(anyWorld, (params) => {
      for (const { partsNs, arrivedNs, departedNs } of runWorld(world(params)).departures) {
        expect(Math.min(...partsNs)).toBeGreaterThanOrEqual(0);
        expect(partsNs.every(Number.isInteger)).toBe(true);
        expect(sum(partsNs)).toBe(departedNs - arrivedNs);
      }
    });
  });

  it('work is conserved: each request runs and waits for I/O as long as it demands', () => {
    check(anyWorld, (params) => {
      const run = byArrival(runWorld(world({ ...params, overheads: false })));
      params.requests.forEach(({ phases }, ordinal) => {
        const { partsNs } = run[ordinal]!;
        expect(partsNs[Part.Run]).toBe(demandOf(phases, PhaseKind.Cpu, PhaseKind.ShortHolds, PhaseKind.Native));
        expect(partsNs[Part.Io]).toBe(demandOf(phases, PhaseKind.Io));
      });
    });
  });

  it('no more threads run than there are cores, and no more locks are held than there are processes', () => {
    check(anyWorld, (params) => {
      const { bench } = runWorld(world(params), { prepare: (compiled) => watchCapacities(compiled) });
      const used = bench.gauges.find(({ name }) => name === 'core_utilisation_ratio')!;
      const workNs = sum(params.requests.map(({ phases }) => demandOf(phases, PhaseKind.Cpu, PhaseKind.Native)));
      expect(used.read(bench.kernel.nowNs())).toBeGreaterThanOrEqual(workNs);
    });
  });

  it("Little's law holds exactly: the integral of the number in the system is the sum of the times in it", () => {
    check(anyWorld, (params) => {
      const { departures, bench } = runWorld(world(params));
      const endNs = bench.kernel.nowNs();
      expect(bench.inSystemIntegral(endNs)).toBe(sum(departures.map((d) => d.departedNs - d.arrivedNs)));
    });
  });

  it('the same system and seed give the same events, watched or not; the trace is in order', () => {
    check(anyWorld, (params) => {
      const first = runWorld(world(params));
      const times: number[] = [];
      const second = runWorld(world(params), { prepare: ({ kernel }) => kernel.trace((nowNs) => times.push(nowNs)) });
      expect(second.bench.kernel.fingerprint()).toBe(first.bench.kernel.fingerprint());
      expect(second.departures).toEqual(first.departures);
      expect(times.length).toBe(first.bench.kernel.events);
      expect(times.every((atNs, k) => k === 0 || atNs >= times[k - 1]!)).toBe(true);
    });
  });

  it('more cores lose no work: everybody is served, for as long as before', () => {
    check(fc.tuple(anyWorld, fc.integer({ min: 1, max: 8 })), ([params, more]) => {
      const few = byArrival(runWorld(world({ ...params, overheads: false })));
      const many = byArrival(runWorld(world({ ...params, overheads: false, cores: params.cores! + more })));
      const work = (run: ReturnType<typeof byArrival>) =>
        run.map(({ partsNs }) => [partsNs[Part.Run], partsNs[Part.Io]]);
      expect(work(many)).toEqual(work(few));
    });
  });
});

describe('one thread', () => {
  it.each([
    ['ideal', idealServer(1, 1)],
    ['unicorn', unicornServer(1)],
  ] as const)('%s serves first come, first served, without a gap while somebody waits', (_, server) => {
    check(requests(phase, 30), (list) => {
      const run = byArrival(runWorld(world({ server, requests: list })));
      let freeNs = 0;
      run.forEach(({ departedNs, arrivedNs }, ordinal) => {
        freeNs = Math.max(freeNs, arrivedNs) + sum(list[ordinal]!.phases.map(({ ns }) => ns));
        expect(departedNs).toBe(freeNs);
      });
    });
  });

  it('of each of c workers: one more worker delays nobody, if requests are one burst each', () => {
    // First come, first served on more servers starts every request no later (Kiefer and Wolfowitz 1955, vectors of work).
    const bursts = requests(length.map(c), 30).map((list) =>
      list.map(({ atNs, phases }) => ({ atNs, phases: [phases[0]!] })),
    );
    check(fc.tuple(bursts, fc.integer({ min: 1, max: 5 })), ([list, workers]) => {
      const few = byArrival(runWorld(world({ server: unicornServer(workers), requests: list })));
      const more = byArrival(runWorld(world({ server: unicornServer(workers + 1), requests: list })));
      for (const { ordinal, departedNs } of more) expect(departedNs).toBeLessThanOrEqual(few[ordinal]!.departedNs);
    });
  });
});

describe('common random numbers', () => {
  const drawn = (server: Parameters<typeof world>[0]['server'], gvl: 'fifo-ticks' | 'barging-deadline') =>
    world({
      server,
      gvl,
      cores: 2,
      phases: [
        [PhaseKind.Cpu, createExponential(ms(4))],
        [PhaseKind.Io, createHyperexponential(hyperexponentialFromMeanAndCv(ms(10), 2))],
        [PhaseKind.Cpu, createExponential(ms(4))],
      ],
      load: { kind: 'renewal', interarrival: createExponential(ms(9)) },
    });
  const customers = (run: WorldRun) =>
    byArrival(run).map(({ arrivedNs, partsNs }) => [arrivedNs, partsNs[Part.Run], partsNs[Part.Io]]);

  it('any two servers see the same arrivals and the same demands', () => {
    check(fc.tuple(anyServer, anyServer, fc.nat(1000)), ([one, other, seed]) => {
      const options = { seed, limits: { requests: 60 } };
      const first = customers(runWorld(drawn(one, 'fifo-ticks'), options));
      expect(first.length).toBe(60);
      expect(customers(runWorld(drawn(other, 'barging-deadline'), options))).toEqual(first);
    });
  });

  it('another seed or replication brings other customers', () => {
    const spec = drawn(idealServer(2, 2), 'fifo-ticks');
    const limits = { requests: 60 };
    const first = customers(runWorld(spec, { seed: 1, replication: 0, limits }));
    expect(customers(runWorld(spec, { seed: 1, replication: 1, limits }))).not.toEqual(first);
    expect(customers(runWorld(spec, { seed: 2, replication: 0, limits }))).not.toEqual(first);
  });
});

function check<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed: 41, numRuns: RUNS });
}

/** Reads the integrals after every event: from one to the next they may grow by capacity x time at most. */
function watchCapacities({ kernel, gauges }: Bench): void {
  const watched = gauges.filter(({ kind }) => kind === 'integral');
  expect(watched.map(({ name }) => name).sort()).toEqual(['core_utilisation_ratio', 'gvl_utilisation_ratio']);
  const before = watched.map(() => 0);
  let sinceNs = 0;
  const sample = (): void => {
    const nowNs = kernel.nowNs();
    watched.forEach(({ name, capacity, read }, k) => {
      const value = read(nowNs);
      if (value < before[k]! || value - before[k]! > capacity * (nowNs - sinceNs)) {
        throw new Error(`at ${nowNs} ns: ${name} grew by ${value - before[k]!} in ${nowNs - sinceNs} ns`);
      }
      before[k] = value;
    });
    sinceNs = nowNs;
  };
  const timer = kernel.timer(kernel.define('test.sample', Rank.Sample, sample), 0);
  kernel.trace((nowNs, kind) => {
    if (kind !== 'test.sample') kernel.arm(timer, nowNs);
  });
}
