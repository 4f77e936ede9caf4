import type { Distribution } from '../distribution.js';
import { DistributionError } from './errors.js';

/** A distribution with a formula for its distribution function. */
export interface ContinuousDistribution extends Distribution {
  /** Probability of a value <= x. */
  cdf(x: number): number;
}

/** What is known about a quantity, by key: `mean`, `cv` (standard deviation / mean), `p50`, `p95`, `p99`, `shape` … */
export type Given = Readonly<Record<string, number>>;

/** A family whose members are determined by numbers, in each of several combinations. */
export interface DistributionFamily {
  /** As written in scenario files. */
  readonly name: string;
  /** Combinations of keys; each determines one member. */
  readonly combinations: readonly (readonly string[])[];
  /**
   * The member with the given properties. Keys with the dimension of the quantity share its unit.
   *
   * @throws DistributionError if the keys are none of `combinations`, or no member has such values
   */
  create(given: Given): ContinuousDistribution;
}

/** A way to determine a member: its keys, and what to do with their values in the same order. */
export type Recipe = readonly [keys: readonly string[], make: (...values: number[]) => ContinuousDistribution];

/** Builds a family from its recipes; the recipe is chosen by the set of keys given. */
export function defineFamily(name: string, recipes: readonly Recipe[]): DistributionFamily {
  const combinations = recipes.map(([keys]) => keys);
  return {
    name,
    combinations,
    create(given: Given): ContinuousDistribution {
      const keys = Object.keys(given);
      const recipe = recipes.find(
        ([wanted]) => wanted.length === keys.length && wanted.every((key) => keys.includes(key)),
      );
      if (recipe === undefined) {
        const allowed = combinations.map((wanted) => wanted.join(' + ')).join(', or ');
        throw new DistributionError(name, keys, `needs ${allowed}; got ${keys.join(' + ') || 'nothing'}`);
      }
      return recipe[1](...recipe[0].map((key) => given[key]!));
    },
  };
}

/** Level of a percentile key: p50 -> 0.5, p95 -> 0.95, p999 -> 0.999. */
export function percentileLevel(key: string): number {
  return Number(`0.${key.slice(1)}`);
}
