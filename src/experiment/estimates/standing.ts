import { meanInterval } from '../../statistics/intervals.js';
import type { ExperimentResult } from '../experiment-result.js';
import { observedLoad } from '../load/observed-load.js';
import { loadOf } from '../load/offered-load.js';
import type { ReplicationResult } from '../result.js';
import type { ConfigurationSpec, RunSpec } from '../spec.js';
import { type Course, SLOTS } from '../warm-up/course.js';
import { PROVISIONAL_SHARE } from '../warm-up/warm-up.js';
import { replicationsOf } from './by-metric.js';

/**
 * What the results of a configuration can stand for.
 *
 * - `steady`: a steady state.
 * - `finite`: this stretch of time and no other (transient runs, recorded arrivals).
 * - `unstable`: no steady state exists: more is offered than can be served.
 * - `unsettled`: the runs are too short to have reached a steady state.
 * - `unrun`: no run of it was finished before the experiment was stopped.
 */
export interface Standing {
  readonly kind: 'steady' | 'finite' | 'unstable' | 'unsettled' | 'unrun';
  /** Why nothing can be said of a steady state; empty where it can. */
  readonly text: string;
}

/** Nothing may be shown as a steady-state mean. */
export function isWithheld({ kind }: Standing): boolean {
  return kind === 'unstable' || hasNoFigures(kind);
}

/** Nothing but extremes may be shown at all. */
export function hasNoFigures(kind: Standing['kind']): boolean {
  return kind === 'unsettled' || kind === 'unrun';
}

/** The standing of every configuration, by variant. */
export function standingsOf(result: ExperimentResult): ReadonlyMap<string, Standing> {
  return new Map(
    result.spec.configurations.map((configuration) => [configuration.variant, standingOf(result, configuration)]),
  );
}

const STEADY: Standing = { kind: 'steady', text: '' };
const FINITE: Standing = { kind: 'finite', text: '' };
const UNRUN: Standing = { kind: 'unrun', text: 'no run of it was finished' };

function standingOf(result: ExperimentResult, configuration: ConfigurationSpec): Standing {
  const { spec, warmUp } = result;
  const { variant } = configuration;
  const replications = replicationsOf(result.replications, variant);
  if (isFiniteStudy(configuration, spec.run)) return replications.length === 0 ? UNRUN : FINITE;
  const unstable = overload(configuration, spec.run, replications);
  if (unstable !== null) return unstable;
  if (replications.length === 0) return UNRUN;
  const found = warmUp?.variants.find((one) => one.variant === variant);
  const share = warmUp?.share ?? cutShare(spec.run);
  const courses = replications.map(({ course }) => course);
  const growth = growthOf(courses, share);
  if (growth !== null) {
    const { saturated } = observedLoad(configuration, spec.run, replications);
    if (saturated.length > 0 && configuration.system.load.kind !== 'closed')
      return { kind: 'unstable', text: `${saturated.join(' and ')} are busy all the time, and ${growth}` };
    return { kind: 'unsettled', text: growth };
  }
  if (found !== undefined && found.share === null) return { kind: 'unsettled', text: found.text };
  return STEADY;
}

/** A stretch of time that is studied for itself. */
export function isFiniteStudy({ system }: ConfigurationSpec, run: RunSpec): boolean {
  return run.kind === 'transient' || system.load.kind === 'recorded' || system.load.kind === 'backlog';
}

function overload(
  configuration: ConfigurationSpec,
  run: RunSpec,
  replications: readonly ReplicationResult[],
): Standing | null {
  const { isUnstable, offeredPerSec, capacityPerSec } = loadOf(configuration, run);
  const waiting = 'waiting grows with the length of the run';
  if (isUnstable) {
    const text = `${offeredPerSec!.toFixed(1)}/s are offered but at most ${capacityPerSec.toFixed(1)}/s can be served: ${waiting}`;
    return { kind: 'unstable', text };
  }
  const observed = observedLoad(configuration, run, replications);
  if (!observed.isUnstable) return null;
  const text = `${offeredPerSec!.toFixed(1)}/s are offered, but a request keeps its thread for ${observed.serviceMs!.toFixed(1)} ms on average, so at most ${observed.capacityPerSec!.toFixed(1)}/s can be served: ${waiting}`;
  return { kind: 'unstable', text };
}

/** One in a thousand steady configurations is said to grow. */
const GROWTH_LEVEL = 0.998;
/** With fewer replications the difference between parts of a run may well be chance. */
const FEWEST_REPLICATIONS = 5;

/**
 * Whether the number in the system still grows after the warm-up: its mean over the last third of what is left less that over
 * the first third, over the replications, by a one-sided t test. Null if it does not, or if there are too few replications.
 */
function growthOf(courses: readonly Course[], share: number): string | null {
  if (courses.length < FEWEST_REPLICATIONS) return null;
  const first = Math.ceil(share * SLOTS);
  const third = Math.floor((SLOTS - first) / 3);
  if (third < 1) return null;
  const starts = courses.map((course) => inSystem(course, first, first + third));
  const ends = courses.map((course) => inSystem(course, SLOTS - third, SLOTS));
  const growth = meanInterval(
    ends.map((end, k) => end - starts[k]!),
    GROWTH_LEVEL,
  );
  if (growth.interval === null || !(growth.interval.low > 0)) return null;
  const mean = (values: readonly number[]): string =>
    (values.reduce((a, b) => a + b, 0) / values.length).toPrecision(3);
  return `the number in the system still grows: ${mean(starts)} on average in the first third after the warm-up, ${mean(ends)} in the last`;
}

function inSystem({ inSystemNs, lengthNs }: Course, from: number, to: number): number {
  let integral = 0;
  let length = 0;
  for (let slot = from; slot < to; slot++) {
    integral += inSystemNs[slot]!;
    length += lengthNs[slot]!;
  }
  return length === 0 ? 0 : integral / length;
}

/** Share of a run that a given warm-up cuts, as far as it is known beforehand. */
function cutShare({ warmup, durationNs }: RunSpec): number {
  if (warmup.kind === 'fraction') return warmup.fraction;
  if (warmup.kind === 'auto') return PROVISIONAL_SHARE;
  return Number.isFinite(durationNs) ? warmup.ns / durationNs : 0;
}
