import type { Nanos } from '../kernel/time.js';
import { type Bench, compile, type LoadLimits } from '../model/bench.js';
import { createStreams } from '../random/streams.js';
import { expectedArrivals } from './load/expected-arrivals.js';
import { valuesAsSeen } from './recording/as-seen-values.js';
import { Collector, type RowSink } from './recording/collector.js';
import { LongRun, toBoth } from './recording/long-run.js';
import { averagesOfParts } from './recording/long-run-averages.js';
import { memoryValues } from './recording/memory-values.js';
import { MetricStore } from './recording/metric-store.js';
import { RunWindow } from './recording/run-window.js';
import { Sampler } from './recording/sampler.js';
import type { LittlesLaw, ReplicationResult } from './result.js';
import type { ConfigurationSpec, RunSpec } from './spec.js';
import { CourseReader } from './warm-up/course.js';
import { warmUpOf } from './warm-up/warm-up.js';

export interface ReplicationHooks {
  /** Makes the sink that sees every departure of this replication. */
  readonly rows?: (bench: Bench) => RowSink;
}

/** Runs one replication of one configuration to its end. */
export function runReplication(
  configuration: ConfigurationSpec,
  run: RunSpec,
  replication: number,
  hooks: ReplicationHooks = {},
): ReplicationResult {
  const steps = replicationSteps(configuration, run, replication, hooks);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same in steps, some hundred for a run, so that a caller can show progress or give up. Yields the done share
 * of the load, 0 to 1. How often the caller looks has no influence on the result.
 *
 * The load ends after `run.requests` arrivals, at `run.durationNs`, or with its trace; whoever is in the system then
 * is served to the end, so no latency is cut short.
 */
export function* replicationSteps(
  configuration: ConfigurationSpec,
  run: RunSpec,
  replication: number,
  hooks: ReplicationHooks = {},
): Generator<number, ReplicationResult, void> {
  const { system } = configuration;
  const classNames = system.app.classes.map((cls) => cls.name);
  const expected = expectedArrivals(system, run);
  const warmUp = warmUpOf(run, expected);
  const limits: LoadLimits = { requests: run.requests, durationNs: run.durationNs };

  const store = new MetricStore(classNames);
  const longRun =
    run.replications === 1 && run.precision === null && run.kind === 'steady' ? new LongRun(classNames) : null;
  const window = new RunWindow();
  let rows: RowSink | null = null;
  const collector = new Collector({
    warmUp,
    expectedArrivals: expected,
    classes: classNames.length,
    consumer: longRun === null ? store : toBoth(store, longRun),
    window,
    rows: hooks.rows ? { row: (table, request, nowNs, isWarmUp) => rows!.row(table, request, nowNs, isWarmUp) } : null,
  });
  const bench = compile(system, limits, createStreams(run.seed, replication), collector);
  window.attach(bench);
  collector.attach(bench);
  if (hooks.rows) rows = hooks.rows(bench);
  const sampler = new Sampler(bench, run, collector);
  const course = new CourseReader(bench, collector, run, expected);

  if (warmUp.untilNs === 0 && warmUp.arrivals === 0) collector.open(0);
  let openAtNs: Nanos = warmUp.untilNs > 0 ? warmUp.untilNs : Number.POSITIVE_INFINITY;
  let closeAtNs: Nanos = run.durationNs;
  for (;;) {
    const stopNs = Math.min(sampler.nextNs(), course.nextNs(), openAtNs, closeAtNs);
    if (bench.kernel.runUntil(stopNs) === 'no events') break;
    if (stopNs === openAtNs) {
      collector.open(stopNs);
      openAtNs = Number.POSITIVE_INFINITY;
    }
    if (stopNs === closeAtNs) {
      collector.close(stopNs);
      closeAtNs = Number.POSITIVE_INFINITY;
    }
    if (stopNs === course.nextNs()) course.take();
    if (stopNs === sampler.nextNs()) sampler.take();
    yield Math.min(1, Number.isFinite(expected) ? collector.departures / expected : stopNs / run.durationNs);
  }
  // The calendar may run empty before the clock ends the load (no more arrivals were due); idle time counts as well.
  const endNs = Number.isFinite(closeAtNs) ? closeAtNs : collector.lastDepartureNs;
  collector.close(endNs);
  collector.finish();

  const memory = sampler.memorySeries();
  const runValues = window.values(collector, classNames);
  if (memory !== null) runValues.push(...memoryValues(memory, bench.memory!, window.bounds(), runValues));
  const metrics = store.summaries();
  const arrivals = runValues.find(({ metric }) => metric === 'arrivals_per_s')!.value;
  runValues.push(...valuesAsSeen(metrics, arrivals));
  const littlesLaw = checkedLittlesLaw(bench, collector);
  const timeSeries = sampler.series();
  const ofRun = course.course(endNs);
  const hasNoFailures = collector.failed.every((count) => count === 0);
  const whole = { series: timeSeries, course: ofRun, window: window.bounds(), hasNoFailures };
  return {
    variant: configuration.variant,
    replication,
    metrics,
    runValues,
    timeSeries,
    memory,
    course: ofRun,
    runningMeans: longRun === null ? null : [...longRun.means(), ...averagesOfParts(whole)],
    latency: store.latencyHistogram(),
    requests: bench.arrivals(),
    counted: collector.counted.reduce((a, b) => a + b, 0),
    window: window.bounds(),
    simulatedNs: collector.lastDepartureNs,
    events: bench.kernel.events,
    fingerprint: bench.kernel.fingerprint(),
    littlesLaw,
  };
}

/**
 * Little's law holds exactly over a run that starts and ends empty: the time-integral of the number in the system is
 * the sum of the sojourn times. Both are sums of whole nanoseconds, so they are equal as long as they stay below 2^53.
 *
 * @throws Error if they differ, or if somebody never left
 */
function checkedLittlesLaw(bench: Bench, collector: Collector): LittlesLaw {
  const nowNs = Math.max(bench.kernel.nowNs(), collector.lastDepartureNs);
  const inSystemIntegral = bench.inSystemIntegral(nowNs);
  const sojournSum = collector.sojournSumNs;
  if (bench.inSystem() !== 0 || collector.departures !== bench.arrivals()) {
    throw new Error(
      `at ${nowNs / 1e9} s: ${bench.arrivals()} requests arrived, ${collector.departures} left and nothing more would happen`,
    );
  }
  const isExact = sojournSum <= Number.MAX_SAFE_INTEGER;
  // Beyond 2^53 each of the additions may round by half a unit in the last place.
  const slack = isExact ? 0 : sojournSum * 2 ** -52 * (collector.departures + bench.kernel.events);
  if (Math.abs(inSystemIntegral - sojournSum) > slack) {
    throw new Error(
      `at ${nowNs / 1e9} s: Little's law is broken: integral of the number in the system ${inSystemIntegral}, sum of sojourn times ${sojournSum}`,
    );
  }
  return { inSystemIntegral, sojournSum };
}
