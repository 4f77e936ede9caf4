/**
 * Figures that others have measured on machines of their own and published. The machines are not ours, so the
 * tolerances are those of what is not known of them; each is argued where it stands.
 */
import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import { loadScenario } from '../../../src/scenario/index.js';
import { ms } from '../../support/phases.js';
import { cpu, runLoops, sleep } from '../../support/thread-loops.js';
import { latencyMs, operationTimes, quantileOf, runsOf, runValue, shareWithin } from './runs.js';

/**
 * runbookpages.com, "What concurrent Ruby looks like": N threads that do nothing but operations of about 6 ms of Ruby
 * code. Published p50 5.4 to 6.6 ms for every N; p95 345, 775, 1037, 1662 and 3102 ms for N = 4, 8, 10, 16, 32, which is
 * (N - 1) times 100 to 115 ms. Ruby's version is not stated: both generations of the lock must show it.
 */
describe.each(['3.1', '3.3'] as const)('CPU-bound threads under Ruby %s show the quantum of 100 ms', (ruby) => {
  it.each([4, 8, 10, 16, 32])('%i threads', (threads) => {
    const times = operationTimes({ ruby, cores: 2 }, threads, 6, 60);
    expect(quantileOf(times, 0.5)).toBeCloseTo(6, 1);
    const perOther = quantileOf(times, 0.95) / (threads - 1);
    expect(perOther).toBeGreaterThanOrEqual(100);
    expect(perOther).toBeLessThanOrEqual(115);
    // one in about 17 operations meets the end of a slice: 6 of 100 ms, and less where slices are a little longer
    const cut = times.filter((time) => time > 50).length / times.length;
    expect(cut).toBeGreaterThan(0.055);
    expect(cut).toBeLessThanOrEqual(0.06);
  });

  it('one thread is never interrupted', () => {
    const times = operationTimes({ ruby, cores: 2 }, 1, 6, 10);
    expect(times.at(-1)).toBeCloseTo(6, 6);
  });
});

/**
 * ivoanjo.me 2023, Ruby 3.2 (the lock of 3.1): 16.6 requests a second, 1.66 beside one CPU-bound thread. How often a request
 * of his client takes the GVL is not stated; six times fits both figures to the next whole number (60 ms, 600 ms), so they
 * are good to one in twelve, half a step in six.
 */
describe('an HTTP client beside a CPU-bound thread', () => {
  const perSec = (withHog: boolean): number => {
    let requests = 0;
    const client = {
      script: function* () {
        for (;;) {
          for (let call = 0; call < 6; call++) yield sleep(ms(10));
          requests++;
        }
      },
    };
    const hog = {
      script: function* () {
        for (;;) yield cpu(ms(50));
      },
    };
    runLoops({ ruby: '3.1', cores: 2 }, withHog ? [client, hog] : [client], 60e9);
    return requests / 60;
  };

  it('is slowed down ten times', () => {
    const [alone, beside] = [perSec(false), perSec(true)];
    expect(Math.abs(alone / 16.6 - 1)).toBeLessThan(1 / 12);
    expect(Math.abs(alone / beside / 10 - 1)).toBeLessThan(1 / 10);
  });
});

/**
 * l5yth/potato-mesh issue 866: Puma with 16:128 threads; while a request aggregates for 2.3 s, ten requests of 1 ms all
 * end at 2.37 s. The aggregation keeps the GVL in one C call.
 */
describe('ten short requests behind one call that keeps the GVL for 2.3 s', () => {
  it('all end when it ends', () => {
    const rows = Array.from({ length: 10 }, (_, k) => `${60 + k},${k + 2},short,c1`);
    const csv = ['arrival_ms,id,class,phases', '0,1,long,h2300', ...rows, ''].join('\n');
    const text = `version: 1
name: aggregation
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
server: {puma: {version: "6.6", workers: 0, threads: [16, 128]}}
app: {recorded: {file: a.csv}}
load: {recorded: {file: a.csv}}
run: {warmup: 0s, replications: 1}
`;
    const { experiment } = loadScenario({ file: 'a.yml', text }, { readText: () => csv });
    const { metrics } = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
    const short = metrics.find((one) => one.metric === 'latency_ms' && one.className === 'short')!;
    expect(short.min).toBeGreaterThan(2200);
    expect(short.max).toBeLessThan(2370);
  });
});

/**
 * Puma 7.2.0, two workers of five threads, an application that sleeps 5 ms, kept connections, Ruby 4.1-dev, AMD 9700X
 * (bugs.ruby-lang.org, puma_bench_results.txt; ruby/ruby PR 15840). Ten threads at 5 ms are 2000 requests a second at best; he got
 * 1954, which leaves 0.12 ms a request for everything else. Our costs were measured on a virtual machine and are about twice
 * that: 0.25 ms of 5 ms, so throughput may be 5 % lower; another 2 % are chance and the wake-ups of two processes.
 */
describe('ten threads that sleep 5 ms', () => {
  const scenario = (users: number, io: string, requests: number): string =>
    `version: 1
name: sleeps
host: {cores: 8, sleep_overshoot: 60us}
ruby: {version: "master", gc: "off"}
server: {puma: {version: "7.2", workers: 2, threads: 5}}
app: {classes: [{name: sleep, phases: [io: ${io}]}]}
load: {closed: {users: ${users}, keep_alive: true}}
run: {requests: ${requests}, replications: 1, warmup: 0.1}
`;

  it.each([
    [60, 1954, 30.6, 31.7],
    [40, 1954, 20.4, 21.2],
    [30, 1957, 15.3, 15.6],
    [20, 1952, 10.2, 10.4],
    [10, 1937, 5.1, 5.7],
  ])('%i connections: %d requests a second, p50 %d ms, p99 %d ms', (users, perSec, p50Ms, p99Ms) => {
    const runs = runsOf(scenario(users, '5ms', 10_000), 1);
    const throughput = runValue(runs, 'throughput_per_s');
    expect(throughput / perSec).toBeGreaterThan(0.93);
    expect(throughput / perSec).toBeLessThan(1.02);
    for (const [statistic, published] of [
      ['p50', p50Ms],
      ['p99', p99Ms],
    ] as const) {
      // p99 of his is up to 0.6 ms above p50, whatever the load: what wakes late on his machine, and never here
      expect(latencyMs(runs, statistic), statistic).toBeGreaterThan(0.98 * published - (statistic === 'p99' ? 0.6 : 0));
      expect(latencyMs(runs, statistic), statistic).toBeLessThan(1.08 * published);
    }
  });

  /**
   * Neither 5 threads of 7 connections nor 5 of 8 leave a request in the middle: it has its turn at once, or waits for nearly all of another.
   * Each worker answers half of all, so the median lies in the gap between one turn and two, where nobody is, and says nothing: with
   * sleeps that vary by 0.05 ms, about their own overshoot, twelve simulated medians are 6.5 to 9.4 ms. What his 6.7 ms do say is
   * that half of the requests were below, to the 2 % of what chance and the wake-ups of two processes are. Throughput and p99, two turns, are sharp.
   *
   * Known difference: his median is a measured time, so he has requests where we have nobody. There connections take turns more evenly, by a mechanism that is not in the model.
   */
  it('15 connections: 1871 requests a second, p99 10.1 ms, half of the requests within 6.7 ms', () => {
    const text = scenario(15, '{lognormal: {mean: 5ms, cv: 0.01}}', 4000);
    const draws = runsOf(text, 4);
    expect(Math.abs(runValue(draws, 'throughput_per_s') / 1871 - 1)).toBeLessThan(0.05);
    expect(Math.abs(latencyMs(draws, 'p99') / 10.1 - 1)).toBeLessThan(0.05);
    for (const share of shareWithin(text, 6.7, 4)) expect(Math.abs(share - 0.5)).toBeLessThan(0.02);
  });
});

/**
 * puma/puma PR 3506, after its change: 5 threads, 6 kept connections, 200 ms a request; 198 requests in 8.17 s (24.2/s), p50 208.4,
 * p75 218.0, p90 389.0, p99 413.1 ms. His requests took 4 to 9 % more than 200 ms, for reasons of his machine; ours take
 * 0.4 % more. So times may be 9 % shorter; what is sharp is the shape: one request in six waits for a second turn.
 */
describe('six kept connections for five threads', () => {
  const runs = (version: string) =>
    runsOf(
      `version: 1
name: kept
host: {cores: 4}
ruby: {version: "3.3", gc: "off"}
server: {puma: {version: "${version}", workers: 0, threads: 5}}
app: {classes: [{name: sleep, phases: [io: 200ms]}]}
load: {closed: {users: 6, keep_alive: true}}
run: {requests: 198, replications: 1, warmup: 0s}
`,
      4,
    );

  it('take turns since the change', () => {
    const after = runs('7.2');
    expect(Math.abs(runValue(after, 'throughput_per_s') / 24.2 - 1)).toBeLessThan(0.05);
    for (const [statistic, published] of [
      ['p50', 208.4],
      ['p75', 218],
      ['p90', 389],
      ['p99', 413.1],
    ] as const) {
      expect(latencyMs(after, statistic) / published, statistic).toBeGreaterThan(0.91);
      expect(latencyMs(after, statistic) / published, statistic).toBeLessThan(1.05);
    }
  });

  it('before it one connection waited for ten requests of another', () => {
    expect(latencyMs(runs('6.4'), 'p99')).toBeGreaterThan(1000);
  });
});

/**
 * HEY on 32 virtual CPUs (rails/rails issue 50450, D. H. Hansson, 2024-01-08), 50 requests a second: 16 workers of 2 threads p50
 * 318, p90 667, p95 762, p99 926 ms; 32 workers of 1 thread 200, 422, 467, 634 ms. At 100 requests a second 16 x 2 fail 38 % by
 * the client's timeout of 5 s. Demands (185 ms Ruby code, 55 ms I/O in 15 calls, spread of the lognormal) are derived from his
 * table and his machine's processors are unknown, so the order is tested, not the size.
 */
describe('HEY: threads against workers on 32 processors', () => {
  const run = (workers: number, threads: number, perSec: number) =>
    runsOf(
      `version: 1
name: hey
host: {cores: 32}
ruby: {version: "3.3", gc: "off"}
server: {puma: {version: "6.4", workers: ${workers}, threads: ${threads}}}
app: {classes: [{name: page, cpu: {lognormal: {mean: 185ms, cv: 0.8}}, io: {calls: 15, each: {exponential: {mean: 3.67ms}}}}]}
load: {open: {rate: ${perSec}/s}}
run: {duration: 3min, replications: 1, warmup: 0.1, seed: 50450}
`,
      2,
    );
  const [threads, workers] = [run(16, 2, 50), run(32, 1, 50)];

  it.each(['mean', 'p50', 'p90', 'p95', 'p99'] as const)(
    '%s of latency is lower with 32 workers of one thread',
    (statistic) => {
      expect(latencyMs(workers, statistic)).toBeLessThan(latencyMs(threads, statistic));
    },
  );

  it('100 requests a second are more than 16 processes can serve', () => {
    const overloaded = run(16, 2, 100);
    expect(runValue(overloaded, 'throughput_per_s')).toBeLessThan(90);
    expect(latencyMs(overloaded, 'p50')).toBeGreaterThan(1971);
  });
});
