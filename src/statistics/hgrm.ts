import { build } from 'hdr-histogram-js';

const NANOS_PER_MILLI = 1_000_000;
/** Values within 0.1 %. One more digit costs 16 times the time: 200 ms a histogram. */
const SIGNIFICANT_DIGITS = 3;
/** The least that the library allows for the largest value. */
const MIN_HIGHEST_NS = 2;
const TICKS_PER_HALF_DISTANCE = 5;

/**
 * Percentile distribution as HdrHistogram's text (`.hgrm`), values in ms: for the HdrHistogram plotter and hdr-plot.
 *
 * @param pairs values [ns] with how often each occurred, in any order
 */
export function percentileText(pairs: Iterable<{ readonly value: number; readonly count: number }>): string {
  const recorded = [...pairs];
  const greatest = recorded.reduce((max, { value }) => Math.max(max, value), 0);
  const histogram = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: Math.max(MIN_HIGHEST_NS, Math.ceil(greatest)),
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });
  for (const { value, count } of recorded) histogram.recordValueWithCount(Math.round(value), count);
  return histogram.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NANOS_PER_MILLI);
}
