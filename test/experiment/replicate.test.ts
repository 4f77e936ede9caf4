import { describe, expect, it } from 'vitest';
import type { RowSink } from '../../src/experiment/recording/collector.js';
import { EXACT_UP_TO } from '../../src/experiment/recording/metric-store.js';
import { replicationSteps, runReplication } from '../../src/experiment/replicate.js';
import type { ReplicationResult } from '../../src/experiment/result.js';
import type { ExperimentSpec } from '../../src/experiment/spec.js';
import { PARTS } from '../../src/model/observations.js';
import { quantile } from '../../src/statistics/quantile.js';
import { experimentOf, exponentialServer, THREE_REQUESTS } from './scenarios.js';

const first = ({ configurations, run }: ExperimentSpec, rows?: RowSink): ReplicationResult =>
  runReplication(configurations[0]!, run, 0, rows ? { rows: () => rows } : {});

const metric = (result: ReplicationResult, name: string, className = 'all') =>
  result.metrics.find((summary) => summary.metric === name && summary.className === className)!;

const runValue = (result: ReplicationResult, name: string, className = 'all'): number =>
  result.runValues.find((value) => value.metric === name && value.className === className)!.value;

/** Keeps the latency of every counted request. */
function latencies(): RowSink & { readonly ns: number[]; readonly warmUp: number[] } {
  const ns: number[] = [];
  const warmUp: number[] = [];
  return {
    ns,
    warmUp,
    row: (table, request, nowNs, isWarmUp) => {
      (isWarmUp ? warmUp : ns).push(nowNs - table.arrivedNs[request]!);
    },
  };
}

describe('three requests worked out by hand', () => {
  // 0-10 ms: a; 10-20 ms: b, which came at 4 ms; 30-40 ms: c
  const result = first(THREE_REQUESTS);

  it('has their times', () => {
    expect(metric(result, 'latency_ms')).toMatchObject({ n: 3, mean: 12, min: 10, max: 16, method: 'exact' });
    expect(metric(result, 'backlog_ms')).toMatchObject({ mean: 2, min: 0, max: 6 });
    expect(metric(result, 'run_ms')).toMatchObject({ mean: 10, min: 10, max: 10 });
    expect(metric(result, 'latency_ms').quantiles![0]).toBe(10);
  });

  it('has the averages of the run, from the start to the last departure', () => {
    expect(result.window).toEqual({ fromNs: 0, toNs: 40_000_000 });
    expect(runValue(result, 'gvl_utilisation_ratio')).toBe(0.75);
    expect(runValue(result, 'core_utilisation_ratio')).toBe(0.75);
    expect(runValue(result, 'throughput_per_s')).toBe(75);
    expect(runValue(result, 'in_system_count')).toBe(36 / 40);
    expect(runValue(result, 'error_ratio')).toBe(0);
  });

  it("has both sides of Little's law, equal to the ns", () => {
    expect(result.littlesLaw).toEqual({ inSystemIntegral: 36_000_000, sojournSum: 36_000_000 });
  });
});

describe('a run', () => {
  const spec = exponentialServer({ load: '{open: {rate: 80/s}}', run: '{requests: 5000, seed: 3, warmup: 0.2}' });

  it('is the same however it is cut into steps and whether rows are kept', () => {
    const plain = first(spec);
    const withRows = first(spec, latencies());
    expect(withRows).toEqual(plain);
    const finer = first({ ...spec, run: { ...spec.run, sampleEveryNs: 7_654_321 } });
    expect(finer.fingerprint).toBe(plain.fingerprint);
    expect(finer.metrics).toEqual(plain.metrics);
    expect(finer.runValues).toEqual(plain.runValues);
  });

  it('differs between replications and seeds', () => {
    const { configurations, run } = spec;
    const prints = [
      first(spec).fingerprint,
      runReplication(configurations[0]!, run, 1).fingerprint,
      runReplication(configurations[0]!, { ...run, seed: 4 }, 0).fingerprint,
    ];
    expect(new Set(prints).size).toBe(3);
  });

  it('can be sent to another thread', () => {
    const result = first(spec);
    expect(structuredClone(result)).toEqual(result);
  });

  it('yields shares of the load that never fall, up to 1', () => {
    const steps = replicationSteps(spec.configurations[0]!, spec.run, 0);
    const shares: number[] = [];
    for (let step = steps.next(); !step.done; step = steps.next()) shares.push(step.value);
    expect(shares.length).toBeGreaterThan(50);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)!).toBeLessThanOrEqual(1);
  });
});

describe('warm-up', () => {
  const load = '{open: {rate: 80/s}}';

  it('as a fraction of the requests drops that many first arrivals, not departures', () => {
    const sink = latencies();
    const result = first(exponentialServer({ load, run: '{requests: 1000, warmup: 0.25}' }), sink);
    expect(sink.warmUp.length).toBe(250);
    expect(result.counted).toBe(750);
    expect(result.requests).toBe(1000);
    expect(metric(result, 'latency_ms').n).toBe(750);
  });

  it('as a time drops what arrives before it', () => {
    let late = 0;
    const result = first(exponentialServer({ load, run: '{duration: 60s, warmup: 20s}' }), {
      row: (table, request, _nowNs, isWarmUp) => {
        expect(isWarmUp).toBe(table.arrivedNs[request]! < 20e9);
        if (!isWarmUp) late++;
      },
    });
    expect(result.counted).toBe(late);
    expect(result.window).toEqual({ fromNs: 20e9, toNs: 60e9 });
  });

  it('as a fraction of a duration is a time', () => {
    const result = first(exponentialServer({ load, run: '{duration: 60s, warmup: 0.5}' }));
    expect(result.window.fromNs).toBe(30e9);
  });

  it('of zero counts everybody from time 0', () => {
    const result = first(exponentialServer({ load, run: '{requests: 500, warmup: 0s}' }));
    expect(result.counted).toBe(500);
    expect(result.window.fromNs).toBe(0);
  });

  it('that outlasts the run leaves nothing, and says so with missing values', () => {
    const result = first(exponentialServer({ load, run: '{requests: 100, warmup: 1h}' }));
    expect(result.counted).toBe(0);
    expect(metric(result, 'latency_ms')).toMatchObject({ n: 0, mean: Number.NaN, max: Number.NaN });
    expect(runValue(result, 'throughput_per_s')).toBeNaN();
    expect(runValue(result, 'gvl_utilisation_ratio')).toBeNaN();
  });
});

describe('the end of the load', () => {
  it('by the clock serves those in the system to the end and closes the window at the clock', () => {
    const spec = exponentialServer({ load: '{open: {rate: 300/s}}', run: '{duration: 10s, warmup: 0s}' });
    const result = first(spec);
    expect(result.simulatedNs).toBeGreaterThan(20e9); // three times the capacity arrives: 30 s of work
    expect(result.counted).toBe(result.requests);
    expect(result.window.toNs).toBe(10e9);
    expect(runValue(result, 'gvl_utilisation_ratio')).toBeGreaterThan(0.99);
    expect(runValue(result, 'throughput_per_s')).toBeLessThan(0.5 * runValue(result, 'arrivals_per_s'));
  });

  it('by the clock counts idle time at its end', () => {
    const spec = experimentOf(
      `
version: 1
name: idle
host: {cores: 1}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
overheads: none
app: {classes: [{name: only, cpu: 10ms}]}
load: {open: {every: 40ms}}
run: {duration: 100ms, warmup: 0s, replications: 1}
`,
    );
    const result = first(spec);
    expect(result.window.toNs).toBe(100_000_000);
    expect(runValue(result, 'core_utilisation_ratio')).toBe((10 * result.requests) / 100);
  });
});

describe('a run too long to keep every request', () => {
  const classes =
    '[{name: quick, weight: 3, cpu: {exponential: {mean: 5ms}}}, {name: slow, cpu: {exponential: {mean: 25ms}}}]';
  const spec = exponentialServer({
    load: '{open: {rate: 80/s}}',
    run: `{requests: ${EXACT_UP_TO + 20_000}, warmup: 0s}`,
    classes,
  });
  const exact: number[] = [];
  const byClass: number[][] = [[], []];
  const result = first(spec, {
    row: (table, request, nowNs) => {
      const latency = nowNs - table.arrivedNs[request]!;
      exact.push(latency);
      byClass[table.classOf[request]!]!.push(latency);
    },
  });

  it('has exact counts, means and extremes, and quantiles within the stated error', () => {
    const cases = [
      ['all', exact],
      ['quick', byClass[0]!],
      ['slow', byClass[1]!],
    ] as const;
    for (const [className, values] of cases) {
      const summary = metric(result, 'latency_ms', className);
      const column = Float64Array.from(values);
      expect(summary.method).toBe('sketch');
      expect(summary.n).toBe(values.length);
      expect(summary.mean).toBe(values.reduce((a, b) => a + b, 0) / values.length / 1e6);
      expect(summary.max).toBe(column.reduce((a, b) => Math.max(a, b)) / 1e6);
      [0.5, 0.75, 0.9, 0.95, 0.99, 0.999].forEach((p, q) => {
        const truth = quantile(column, p) / 1e6;
        expect(Math.abs(summary.quantiles![q]! - truth)).toBeLessThanOrEqual(summary.relativeError * truth);
      });
    }
  });

  it('keeps only moments of what nobody asks quantiles of', () => {
    expect(metric(result, 'in_app_ms').quantiles).toBeNull();
    expect(metric(result, 'in_app_ms').mean).toBeGreaterThan(0);
  });

  it('knows that what is always 0 is 0', () => {
    expect(metric(result, 'pool_wait_ms')).toMatchObject({ n: exact.length, mean: 0, min: 0, max: 0 });
    expect(metric(result, 'pool_wait_ms').quantiles).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('classes', () => {
  it('partition the requests', () => {
    const classes = '[{name: a, weight: 2, cpu: 2ms}, {name: b, cpu: 20ms}]';
    const result = first(exponentialServer({ load: '{open: {rate: 50/s}}', run: '{requests: 3000}', classes }));
    const [all, a, b] = ['all', 'a', 'b'].map((name) => metric(result, 'latency_ms', name));
    expect(a!.n + b!.n).toBe(all!.n);
    expect(a!.mean * a!.n + b!.mean * b!.n).toBeCloseTo(all!.mean * all!.n, 6);
    expect(runValue(result, 'throughput_per_s', 'a') + runValue(result, 'throughput_per_s', 'b')).toBeCloseTo(
      runValue(result, 'throughput_per_s'),
      9,
    );
  });
});

describe('failed requests', () => {
  it('are counted in the error ratio, not in the throughput; who could not connect has no latency', () => {
    const statuses: number[] = [];
    // Three times the capacity for 200 s: whoever finds the backlog full for 131 s gives up connecting.
    const requests = 60_000;
    const result = first(
      exponentialServer({
        load: '{open: {rate: 300/s}}',
        run: `{requests: ${requests}, warmup: 0s}`,
        server: '{unicorn: {worker_processes: 1, backlog: 5}}',
      }),
      { row: (table, request) => statuses.push(table.status[request]!) },
    );
    const failures = statuses.filter((status) => status !== 0).length;
    expect(failures).toBeGreaterThan(0);
    expect(runValue(result, 'error_ratio')).toBe(failures / requests);
    expect(metric(result, 'latency_ms').n).toBe(requests - failures);
    const seconds = result.window.toNs / 1e9;
    expect(runValue(result, 'throughput_per_s')).toBeCloseTo((requests - failures) / seconds, 9);
  });
});

describe('latency parts', () => {
  it('add up to the latency of every request, to the ns', () => {
    const spec = experimentOf(`
version: 1
name: parts
host: {cores: 2}
ruby: {version: "3.3"}
server: {puma: {version: "6.6", workers: 2, threads: 3}}
app:
  classes:
    - {name: page, cpu: {lognormal: {mean: 20ms, cv: 1}}, io: {calls: 3, each: {exponential: {mean: 4ms}}}, allocations: 20000}
load: {open: {rate: 60/s}}
run: {requests: 2000, replications: 1}
`);
    let rows = 0;
    first(spec, {
      row: (table, request, nowNs) => {
        let sum = 0;
        for (let part = 0; part < PARTS; part++) sum += table.partsNs[request * PARTS + part]!;
        expect(sum).toBe(nowNs - table.arrivedNs[request]!);
        rows++;
      },
    });
    expect(rows).toBe(2000);
  });
});
