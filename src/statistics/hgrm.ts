import { build } from 'hdr-histogram-js';

const NANOS_PER_MILLI = 1_000_000;
/** Values are kept to 4 significant digits and from 100 ns up: finer than the buckets they come from. */
const SIGNIFICANT_DIGITS = 4;
const LOWEST_NS = 100;
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
    lowestDiscernibleValue: LOWEST_NS,
    highestTrackableValue: Math.max(2 * LOWEST_NS, 2 * Math.ceil(greatest)),
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });
  for (const { value, count } of recorded) histogram.recordValueWithCount(Math.round(value), count);
  return histogram.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NANOS_PER_MILLI);
}
