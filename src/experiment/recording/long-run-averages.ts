import type { Nanos } from '../../kernel/time.js';
import { ALL_CLASSES, type TimeSeries } from '../result.js';
import { type Course, SLOTS } from '../warm-up/course.js';
import type { RunningMeans } from './long-run.js';

/** What is known of one long run besides its requests. */
export interface LongRunCourse {
  readonly series: TimeSeries;
  readonly course: Course;
  readonly window: { readonly fromNs: Nanos; readonly toNs: Nanos };
  /** All counted requests ended with success: then departures are what the throughput counts. */
  readonly hasNoFailures: boolean;
}

/**
 * Metrics of a whole run over neighbouring stretches of its window: rates and shares of time from the samples of
 * timeseries.csv, which are averages over the interval before each, and the number in the system from the course. What is
 * neither (memory, which grows; ratios of means) has no parts, and no interval from one run.
 */
export function averagesOfParts({ series, course, window, hasNoFailures }: LongRunCourse): RunningMeans[] {
  const { timesNs, intervalNs, signals } = series;
  const isInside = (k: number): boolean => timesNs[k]! - intervalNs >= window.fromNs && timesNs[k]! <= window.toNs;
  const averages = signals
    .filter(({ name }) => /(_ratio|_per_s)$/.test(name))
    .flatMap(({ name, values }) => {
      const metric = name === 'departures_per_s' ? 'throughput_per_s' : name;
      if (name === 'departures_per_s' && !hasNoFailures) return [];
      return [{ className: ALL_CLASSES, metric, means: values.filter((_, k) => isInside(k)) }];
    });
  return [...averages, { className: ALL_CLASSES, metric: 'in_system_count', means: inSystem(course, window.fromNs) }];
}

function inSystem({ lengthNs, inSystemNs }: Course, fromNs: Nanos): Float64Array {
  const means: number[] = [];
  let startNs = 0;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (startNs >= fromNs && lengthNs[slot]! > 0) means.push(inSystemNs[slot]! / lengthNs[slot]!);
    startNs += lengthNs[slot]!;
  }
  return Float64Array.from(means);
}
