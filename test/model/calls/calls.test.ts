import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import { formatProblems, loadScenario } from '../../../src/scenario/index.js';
import { meanValueAnalysis } from '../../../src/statistics/formulas/closed.js';
import { mg1MeanSojourn } from '../../../src/statistics/formulas/mg1.js';
import { meanInterval } from '../../../src/statistics/intervals.js';

/** One process of the ideal server, no overheads; `app` in flow style. */
function runs(app: string, load: string, options: { threads?: number; replications?: number; run?: string } = {}) {
  const { threads = 1, replications = 12, run = 'duration: 100s, warmup: 5s' } = options;
  const text = `version: 1
name: calls
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
overheads: none
server: {ideal: {processes: 1, threads: ${threads}}}
app: ${app}
load: ${load}
run: {${run}, replications: 1, seed: 11}
`;
  const { experiment, problems } = loadScenario({ file: 'calls.yml', text }, { readText: () => '' });
  if (experiment === null) throw new Error(formatProblems(problems));
  return Array.from({ length: replications }, (_, k) =>
    runReplication(experiment.configurations[0]!, experiment.run, k),
  );
}

const throughput = (run: ReplicationResult): number =>
  run.runValues.find(({ metric }) => metric === 'throughput_per_s')!.value;
const mean = (run: ReplicationResult, metric: string): number =>
  run.metrics.find((one) => one.metric === metric && one.className === 'all')!.mean;

function expectTheory(values: readonly number[], theory: number): void {
  const { low, high } = meanInterval(values, 0.999).interval!;
  expect(low).toBeLessThanOrEqual(theory);
  expect(high).toBeGreaterThanOrEqual(theory);
}

const CODE = 'cpu: {exponential: {mean: 5ms}}';
const CALL = 'call: {to: database, takes: {exponential: {mean: 8ms}}}';

/** No Ruby code: a return from a call takes the GVL for no time, which formulas know nothing of. */
describe('services with a queue are stations of the closed network (mean value analysis)', () => {
  const CACHE = 'call: {to: cache, takes: {exponential: {mean: 5ms}}}';

  it.each([1, 2, 5, 12])('%i users', (users) => {
    const app = `{services: {database: {capacity: 1}, cache: {capacity: 1}}, classes: [{name: page, phases: [${CACHE}, ${CALL}, io: {exponential: {mean: 20ms}}]}]}`;
    const theory = meanValueAnalysis(
      [
        { kind: 'queue', demand: 5 },
        { kind: 'queue', demand: 8 },
        { kind: 'delay', demand: 20 },
      ],
      users,
    );
    const all = runs(app, `{closed: {users: ${users}}}`, { threads: users });
    expectTheory(all.map(throughput), 1000 * theory.throughput);
    expectTheory(
      all.map((run) => mean(run, 'latency_ms')),
      users / theory.throughput,
    );
  });

  it('with Ruby code the GVL is one more', () => {
    const app = `{services: {database: {}}, classes: [{name: page, phases: [${CODE}, ${CALL}]}]}`;
    const theory = meanValueAnalysis(
      [
        { kind: 'queue', demand: 5 },
        { kind: 'delay', demand: 8 },
      ],
      4,
    );
    expectTheory(runs(app, '{closed: {users: 4}}', { threads: 4 }).map(throughput), 1000 * theory.throughput);
  });
});

describe('a pool of connections', () => {
  const app = (pool: string, phases: string): string =>
    `{services: {database: {pool: {${pool}}}}, classes: [{name: page, phases: [${phases}]}]}`;

  it('of one that is held for the request leaves one request at a time after its first call', () => {
    const all = runs(app('size: 1, held: request', `${CALL}, ${CODE}, ${CALL}`), '{closed: {users: 6}}', {
      threads: 6,
    });
    expectTheory(all.map(throughput), 1000 / (8 + 5 + 8));
    expectTheory(
      all.map((run) => mean(run, 'latency_ms')),
      6 * 21,
    );
  });

  it('of one that is held for the call is a station with a queue, but the wait for the GVL counts too', () => {
    const all = runs(app('size: 1, held: call', `${CODE}, ${CALL}`), '{closed: {users: 6}}', { threads: 6 });
    const apart = meanValueAnalysis(
      [
        { kind: 'queue', demand: 5 },
        { kind: 'queue', demand: 8 },
      ],
      6,
    );
    const { high } = meanInterval(all.map(throughput), 0.999).interval!;
    expect(high).toBeLessThan(1000 * apart.throughput);
    expect(mean(all[0]!, 'pool_wait_ms')).toBeGreaterThan(0);
  });

  it('as large as the number of threads never makes anybody wait', () => {
    const all = runs(app('size: 5', `${CODE}, ${CALL}, ${CODE}, ${CALL}`), '{closed: {users: 5}}', {
      threads: 5,
      replications: 2,
    });
    for (const run of all) expect(mean(run, 'pool_wait_ms')).toBe(0);
  });

  it('a request that waits too long for a connection fails, and only it', () => {
    const [run] = runs(
      app('size: 1, checkout_timeout: 10ms', 'call: {to: database, takes: 100ms}, cpu: 1ms'),
      '{open: {every: 60ms}}',
      { threads: 2, replications: 1, run: 'requests: 40, warmup: 0s' },
    );
    // at 0, 60, 120 ... ms: the first has the connection for 101 ms, the second gives up 10 ms after it came, and so on
    expect(run!.runValues.find(({ metric }) => metric === 'error_ratio')!.value).toBe(0.5);
    expect(run!.metrics.find(({ metric }) => metric === 'latency_ms')!.min).toBe(10);
    expect(run!.metrics.find(({ metric }) => metric === 'latency_ms')!.max).toBe(101);
  });

  it('a connection that comes back in the instant in which its next holder begins to wait ends the wait', () => {
    const [run] = runs(
      app('size: 1, checkout_timeout: 5ms', 'cpu: 15ms, call: {to: database, takes: 10ms}'),
      '{open: {every: 1h, at_start: 2}}',
      { threads: 2, replications: 1, run: 'requests: 2, warmup: 0s' },
    );
    // the first has its answer at 25 ms and the lock at 30, when the second gives it up to wait for the connection: 40 ms, not 5 ms of waiting
    expect(run!.runValues.find(({ metric }) => metric === 'error_ratio')!.value).toBe(0);
    expect(run!.metrics.find(({ metric }) => metric === 'latency_ms')!.max).toBe(40);
  });
});

describe('several calls at the same time (load_async)', () => {
  const fork = (calls: number, threads: number): string =>
    `{async_threads: ${threads}, services: {database: {}}, classes: [{name: page, phases: [load_async: {to: database, calls: ${calls}, takes: {exponential: {mean: 10ms}}}, cpu: 1ms]}]}`;
  const latency = (calls: number, threads: number): number[] =>
    runs(fork(calls, threads), '{closed: {users: 1}}').map((run) => mean(run, 'latency_ms') - 1);

  it.each([1, 2, 4])('%i calls take as long as the longest: the harmonic number of means', (calls) => {
    const harmonic = Array.from({ length: calls }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b);
    expectTheory(latency(calls, 4), 10 * harmonic);
  });

  it('one thread makes one after the other', () => {
    expectTheory(latency(3, 1), 30);
  });

  it('with two threads four calls take between half of the sum and the sum', () => {
    // two at work until three have ended, 5 ms each; then one alone, 10 ms
    expectTheory(latency(4, 2), 25);
  });
});

describe('several calls at the same time, with other requests before them', () => {
  const CALL_MS = 10;
  const HARMONIC = [0, 1, 1 + 1 / 2, 1 + 1 / 2 + 1 / 3];
  const latencies = (calls: number, capacity: number, perSec: number): number[] => {
    const app = `{async_threads: 1000, services: {database: {capacity: ${capacity}}}, classes: [{name: page, phases: [load_async: {to: database, calls: ${calls}, takes: {exponential: {mean: ${CALL_MS}ms}}}]}]}`;
    const options = { threads: 100, run: 'duration: 200s, warmup: 5s' };
    return runs(app, `{open: {rate: ${perSec}/s}}`, options).map((run) => mean(run, 'latency_ms'));
  };

  it.each([2, 3])('%i calls of a service that answers one at a time: M/G/1 with the sum as service', (calls) => {
    const perSec = 60 / calls;
    const theory = mg1MeanSojourn(perSec / 1000, calls * CALL_MS, 1 / Math.sqrt(calls));
    expectTheory(latencies(calls, 1, perSec), theory);
  });

  // With a server and a queue for each call, which is worse than one queue, the mean is known for two calls, and at most the
  // harmonic number times that of M/M/1 for more. R. Nelson, A. N. Tantawi (1988), Approximate analysis of fork/join
  // synchronization in parallel queues, IEEE Trans. Computers 37(6).
  it.each([2, 3])(
    '%i calls of a service that answers as many: between no queue and queues apart (fork-join bounds)',
    (calls) => {
      const utilisation = 0.6;
      const { low, high } = meanInterval(latencies(calls, calls, (1000 * utilisation) / CALL_MS), 0.999).interval!;
      const alone = CALL_MS / (1 - utilisation);
      const apart = calls === 2 ? ((12 - utilisation) / 8) * alone : HARMONIC[calls]! * alone;
      expect(low).toBeGreaterThan(HARMONIC[calls]! * CALL_MS);
      expect(high).toBeLessThan(apart);
    },
  );
});

describe('a mutex', () => {
  it('lets one thread of the process in at a time, waits under it included', () => {
    const app =
      '{classes: [{name: page, phases: [synchronize: {mutex: cache, cpu: {exponential: {mean: 2ms}}, io: {exponential: {mean: 6ms}}}]}]}';
    const all = runs(app, '{closed: {users: 4}}', { threads: 4 });
    expectTheory(all.map(throughput), 1000 / 8);
    expectTheory(
      all.map((run) => mean(run, 'latency_ms')),
      4 * 8,
    );
  });

  it('two of them do not exclude each other', () => {
    const app =
      '{classes: [{name: a, phases: [synchronize: {mutex: one, cpu: 0ms, io: 10ms}]}, {name: b, phases: [synchronize: {mutex: two, cpu: 0ms, io: 10ms}]}]}';
    const [run] = runs(app, '{open: {every: 50ms}}', { threads: 2, replications: 1, run: 'requests: 100, warmup: 0s' });
    expect(run!.metrics.find(({ metric }) => metric === 'latency_ms')!.max).toBe(10);
  });
});

describe('a worker that is killed in the middle of a call', () => {
  it('leaves the service and its connections to the others', () => {
    const text = `version: 1
name: killed
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 2, timeout: 3s, boot_time: 1s}}
app:
  services: {database: {capacity: 1, pool: {size: 1}}}
  classes:
    - {name: quick, weight: 9, phases: [cpu: 5ms, call: {to: database, takes: 10ms}]}
    - {name: stuck, weight: 1, phases: [call: {to: database, takes: 30s}]}
load: {open: {rate: 0.5/s}}
run: {duration: 20min, warmup: 0s, replications: 1, seed: 3}
`;
    const { experiment, problems } = loadScenario({ file: 'killed.yml', text }, { readText: () => '' });
    expect(problems).toEqual([]);
    const run = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
    const of = (className: string): number =>
      run.runValues.find((value) => value.metric === 'error_ratio' && value.className === className)!.value;
    expect(of('stuck')).toBe(1);
    expect(of('quick')).toBeLessThan(0.5); // some wait behind a stuck call and are killed with their worker
    expect(run.requests).toBeGreaterThan(500);
  });
});

describe('names in a scenario', () => {
  const problemsOf = (app: string): string => {
    const text = `version: 1\nname: z\nhost: {cores: 1}\nserver: {ideal: {}}\napp: ${app}\nload: {open: {rate: 1/s}}\n`;
    return formatProblems(loadScenario({ file: 'z.yml', text }, { readText: () => '' }).problems);
  };

  it('a service that nobody has named', () => {
    const message = problemsOf(
      '{services: {database: {}}, classes: [{name: a, phases: [call: {to: databse, takes: 1ms}]}]}',
    );
    expect(message).toContain('no service is called databse');
    expect(message).toContain('did you mean database?');
  });

  it('a name that cannot be part of a column', () => {
    expect(problemsOf('{services: {My-DB: {}}, classes: [{name: a, cpu: 1ms}]}')).toContain('SCN_NAME');
  });
});
