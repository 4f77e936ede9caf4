import { mser } from '../../statistics/mser.js';
import { type Course, SLOTS } from './course.js';
import { PROVISIONAL_SHARE } from './warm-up.js';

/** Where a configuration has forgotten its start. */
export interface VariantWarmUp {
  readonly variant: string;
  /** Share of the run after which it has; null: not within the first half of it. */
  readonly share: number | null;
  /** What was seen. */
  readonly text: string;
}

/** The warm-up as found from the results. */
export interface FoundWarmUp {
  /** What was cut from every replication of every configuration: the same requests are counted in all of them. */
  readonly share: number;
  readonly variants: readonly VariantWarmUp[];
}

/** Requests behind each mean: the five of MSER-5. */
const FEWEST_PER_VALUE = 5;
/** With fewer values nothing can be said. */
const FEWEST_VALUES = 20;

/**
 * Finds the warm-up of one configuration by MSER-5, on the latencies and on the number in the system, each averaged over
 * the replications slot by slot: what is chance differs between replications, what is the start does not.
 */
export function findWarmUp(variant: string, courses: readonly Course[]): VariantWarmUp {
  const factor = mergedSlots(courses);
  if (factor === null) {
    return { variant, share: null, text: 'there are too few requests to tell the start of a run from the rest of it' };
  }
  const latency = mser(pooled(courses, factor, 'sojournNs', 'departures'));
  const inSystem = mser(pooled(courses, factor, 'inSystemNs', 'lengthNs'));
  const values = SLOTS / factor;
  if (latency.isTooShort || inSystem.isTooShort) {
    const what = latency.isTooShort ? 'the latency' : 'the number in the system';
    return {
      variant,
      share: null,
      text: `${what} is not steady within the first half of a run: the runs are too short`,
    };
  }
  const share = Math.max(latency.cut, inSystem.cut) / values;
  return {
    variant,
    share,
    text: `latency steady after ${percent(latency.cut / values)}, number in the system after ${percent(inSystem.cut / values)} of a run`,
  };
}

/** One cut for all: that of the configuration which takes longest to settle, of those that do. */
export function commonWarmUp(variants: readonly VariantWarmUp[]): FoundWarmUp {
  const shares = variants.flatMap(({ share }) => (share === null ? [] : [share]));
  return { share: Math.max(PROVISIONAL_SHARE, ...shares), variants };
}

/** How many neighbouring slots make one value; null if even the widest hold too few requests. */
function mergedSlots(courses: readonly Course[]): number | null {
  for (let factor = 1; SLOTS / factor >= FEWEST_VALUES; factor++) {
    if (SLOTS % factor === 0 && sumsOf(courses, factor, 'departures').every((count) => count >= FEWEST_PER_VALUE))
      return factor;
  }
  return null;
}

function pooled(courses: readonly Course[], factor: number, above: keyof Course, below: keyof Course): Float64Array {
  const divisors = sumsOf(courses, factor, below);
  return sumsOf(courses, factor, above).map((sum, k) => sum / divisors[k]!);
}

/** Sums over the replications and over so many neighbouring slots. */
export function sumsOf(courses: readonly Course[], factor: number, column: keyof Course): Float64Array {
  const sums = new Float64Array(SLOTS / factor);
  for (const course of courses) {
    for (let slot = 0; slot < SLOTS; slot++) sums[Math.floor(slot / factor)]! += course[column][slot]!;
  }
  return sums;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
