import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { PhaseKind } from '../../../src/model/phases.js';
import type { SystemSpec } from '../../../src/model/spec.js';
import { createConstant, createExponential } from '../../../src/random/distributions/index.js';
import { load } from '../../scenario/load-text.js';
import { c, i, ms } from '../../support/phases.js';
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
const sidekiq = (settings: Readonly<Record<string, unknown>>) => written('sidekiq', settings);

/** Jobs of classes a and b in equal numbers, 1 ms of CPU each, all there at the start. */
function twoClasses(settings: Readonly<Record<string, unknown>>, jobs: number): SystemSpec {
  const spec = world({
    server: sidekiq(settings),
    phases: [[PhaseKind.Cpu, createConstant(ms(1))]],
    load: { kind: 'backlog', jobs },
  });
  const [only] = spec.app.classes;
  return { ...spec, app: { ...spec.app, classes: ['a', 'b'].map((name) => ({ ...only!, name })) } };
}

/** Class of each job in the order in which they were started, as a text. */
function order(spec: SystemSpec): string {
  const { departures } = runWorld(spec);
  return [...departures]
    .sort((x, y) => x.startNs - y.startNs)
    .map(({ classOf }) => 'ab'[classOf])
    .join('');
}

describe('Sidekiq', () => {
  it('hands a job to the thread that has been blocked for longest, of whatever process', () => {
    const requests = [0, 1, 2, 10].map((at) => ({ atNs: ms(at), phases: [i(ms(5))] }));
    const served = run({ server: sidekiq({ processes: 2, concurrency: 2 }), requests });
    expect(served.map(({ process, thread }) => [process, thread])).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [1, 3],
    ]);
  });

  it('is one queue for all threads: without I/O and overheads the yardstick with as many processes', () => {
    const requests = [9, 2, 7, 1, 1, 4, 8, 3].map((length, k) => ({ atNs: ms(k), phases: [c(ms(length))] }));
    const server = sidekiq({ processes: 3, concurrency: 1 });
    expect(departureTimes(runWorld(world({ server, requests })))).toEqual(
      departureTimes(runWorld(world({ server: idealServer(3, 1), requests }))),
    );
  });

  it('a free thread claims a job although its process is busy: it then waits for the GVL, not in the queue', () => {
    const requests = [
      { atNs: 0, phases: [c(ms(50))] },
      { atNs: ms(10), phases: [c(ms(5))] },
      { atNs: ms(11), phases: [c(ms(5))] },
    ];
    const [, second, third] = run({ server: sidekiq({ concurrency: 2 }), requests });
    expect(second!.partsNs[Part.Backlog]).toBe(0);
    expect(second!.partsNs[Part.GvlWait]).toBe(ms(40));
    expect(third!.partsNs[Part.Backlog]).toBe(ms(39));
  });

  it('adds a round trip to Redis where there is a queue, half of one where a thread waits', () => {
    const requests = [0, 0].map((atNs) => ({ atNs, phases: [i(ms(5))] }));
    const settings = { concurrency: 1, redis_round_trip: '2ms' };
    const [first, second] = run({ server: sidekiq(settings), overheads: true, requests });
    expect(first!.partsNs[Part.Queue]).toBe(ms(1));
    expect(second!.partsNs[Part.Queue]).toBe(ms(2));
  });

  it.each([
    ['5.1', 25],
    ['5.2', 10],
    ['6.5.12', 10],
    ['7.0', 5],
    ['8.0', 5],
  ])('version %s has %i threads unless told otherwise', (version, threads) => {
    const text = `{version: 1, name: x, host: {cores: 1}, server: {sidekiq: {version: "${version}"}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {backlog: {jobs: 3}}}`;
    const { experiment } = load(text);
    expect(experiment!.resolved).toMatchObject({ server: { sidekiq: { concurrency: threads } } });
  });
});

describe('queues', () => {
  it('without weights: always the first that has a job', () => {
    const done = order(twoClasses({ concurrency: 1, queues: ['b', 'a'] }, 40));
    // The thread was blocked when the first job came; the others were there when it looked again.
    expect(done.slice(1)).toMatch(/^b*a*$/);
  });

  it('with weights: in an order drawn for each job, by weight', () => {
    const jobs = 20_000;
    const done = order(
      twoClasses(
        {
          concurrency: 1,
          queues: [
            ['a', 3],
            ['b', 1],
          ],
        },
        jobs,
      ),
    ).slice(0, 10_000);
    const share = [...done].filter((name) => name === 'a').length / done.length;
    // 3 of 4 looks find queue a first, both queues being full: binomial, here 4 standard errors.
    expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / done.length));
  });

  it('of capsules are worked on by their own threads', () => {
    const settings = { concurrency: 2, queues: ['a'], capsules: { single: { concurrency: 1, queues: ['b'] } } };
    const { departures, bench } = runWorld(twoClasses(settings, 300));
    const names = new Map(departures.map(({ classOf, thread }) => [`${classOf} ${bench.threadNames[thread]}`, 1]));
    expect([...names.keys()].sort()).toEqual(['0 processor-0', '0 processor-1', '1 single-0']);
  });

  it('that nobody works on, and classes that nobody knows, are problems', () => {
    const text = (settings: string) =>
      `{version: 1, name: x, host: {cores: 1}, server: {sidekiq: {${settings}}}, app: {classes: [{name: a, cpu: 1ms}, {name: b, cpu: 1ms}]}, load: {backlog: {jobs: 3}}}`;
    expect(
      load(text('queues: [a, [c, 2]], queue_of: {z: a}')).problems.map(({ path, message }) => `${path}: ${message}`),
    ).toEqual([
      'server.sidekiq.queues: nobody works on the queue of the jobs of class b: there are a, c',
      'server.sidekiq.queue_of.z: no class is called z',
    ]);
    expect(load(text('queues: [a, [c, 2]], queue_of: {b: c}')).problems).toEqual([]);
    expect(load(text('queues: [[a, 0]]')).problems.map(({ code }) => code)).toEqual(['SCN_RANGE']);
  });
});

describe('throughput', () => {
  it.each([1, 2, 5, 20])(
    'of one process with %i threads is the smaller of threads over job time and 1 over CPU time',
    (threads) => {
      // Half I/O, nothing else takes time: the closed network of one server (the GVL) and a delay, bounds of operational
      // analysis: min(N / (D + Z), 1 / D), and for exponential times below the bound that mean value analysis gives.
      const spec = world({
        server: sidekiq({ concurrency: threads }),
        phases: [
          [PhaseKind.Cpu, createExponential(ms(10))],
          [PhaseKind.Io, createExponential(ms(10))],
        ],
        load: { kind: 'backlog', jobs: 4000 },
      });
      const { departures } = runWorld(spec);
      const jobsPerMs = 4000 / (Math.max(...departures.map(({ departedNs }) => departedNs)) / 1e6);
      expect(jobsPerMs).toBeLessThan(Math.min(threads / 20, 1 / 10) * 1.05);
      expect(jobsPerMs).toBeCloseTo(machineRepair(threads, 10, 10), 2.3);
    },
  );
});

/** Jobs per ms of N threads that alternate between one exponential server (mean d) and a delay (mean z): M/M/1//N. */
function machineRepair(threads: number, d: number, z: number): number {
  let waiting = 0;
  let throughput = 0;
  for (let n = 1; n <= threads; n++) {
    const residence = d * (1 + waiting);
    throughput = n / (z + residence);
    waiting = throughput * residence;
  }
  return throughput;
}

describe('processes of Sidekiq that end', () => {
  const requests = [0, 1, 2].map((at) => ({ atNs: ms(at), phases: [i(ms(100))] }));
  const operated = (settings: Readonly<Record<string, unknown>>, operations: readonly unknown[]) => {
    const spec = { ...world({ server: sidekiq(settings), requests }), operations: operationsParams.parse(operations) };
    return runWorld(spec);
  };

  it('in time: what has been begun ends, the others wait for the next process', () => {
    const run = operated({ concurrency: 2, boot_time: '1s' }, [{ full_restart: { at: '10ms' } }]);
    expect(byArrival(run).map(({ status, departedNs }) => [status, departedNs])).toEqual([
      [Status.Ok, ms(100)],
      [Status.Ok, ms(101)],
      [Status.Ok, ms(1201)],
    ]);
  });

  it('not in time: jobs are pushed back, and run again before those that wait', () => {
    const run = operated({ concurrency: 2, timeout: '50ms', boot_time: '1s' }, [{ full_restart: { at: '10ms' } }]);
    const served = byArrival(run);
    expect(served.map(({ status, departedNs }) => [status, departedNs])).toEqual([
      [Status.Ok, ms(1160)],
      [Status.Ok, ms(1160)],
      [Status.Ok, ms(1260)],
    ]);
    // All of the time up to the second run was waiting.
    expect(served[0]!.partsNs[Part.Backlog]).toBe(ms(1060));
    expect(served[0]!.partsNs[Part.Io]).toBe(ms(100));
    const again = run.bench.gauges.find(({ name }) => name === 'jobs_run_again_per_s')!;
    expect(again.read(0)).toBe(2 * SECOND);
  });

  it('killed sooner than its timeout: what it had is lost', () => {
    const operations = [{ full_restart: { at: '10ms', within: '1s' } }];
    const long = [{ atNs: 0, phases: [i(ms(5000))] }];
    const spec = { ...world({ server: sidekiq({}), requests: long }), operations: operationsParams.parse(operations) };
    const [lost] = byArrival(runWorld(spec));
    expect([lost!.status, lost!.departedNs]).toEqual([Status.Killed, ms(1010)]);
  });

  it('killed: jobs are lost, unless the fetch keeps them in Redis', () => {
    const loss = [{ worker_loss: { at: '10ms' } }];
    const lost = byArrival(operated({ concurrency: 2 }, loss));
    expect(lost.map(({ status, departedNs }) => [status, departedNs])).toEqual([
      [Status.Killed, ms(10)],
      [Status.Killed, ms(10)],
      [Status.Ok, ms(110)],
    ]);
    const kept = byArrival(operated({ concurrency: 2, recover_after: '60s' }, loss));
    expect(kept.map(({ status, departedNs }) => [status, departedNs])).toEqual([
      [Status.Ok, ms(60_110)],
      [Status.Ok, ms(60_110)],
      [Status.Ok, ms(110)],
    ]);
  });

  it('quiet: takes no more jobs, and ends when it is told to', () => {
    const run = operated({ concurrency: 2, timeout: '1s' }, [{ full_restart: { at: '10ms', quiet: '500ms' } }]);
    expect(byArrival(run).map(({ departedNs }) => departedNs)).toEqual([ms(100), ms(101), ms(610)]);
  });
});
