import { OLD_AGE } from './ruby-parameters.js';

/** Columns of a row of objects, or of their bytes, by the collections they have survived; the last column is the old ones. */
export const AGES = OLD_AGE + 1;

/** The row that begins at `at` survives a collection. @param atOnce all get old by it, whatever their age */
export function survive(byAge: Float64Array, at: number, atOnce: boolean): void {
  for (let age = OLD_AGE - 1; age >= 0; age--) {
    const survivors = byAge[at + age]!;
    byAge[at + age] = 0;
    byAge[at + (atOnce ? OLD_AGE : age + 1)]! += survivors;
  }
}

/** Takes from all ages of a row in proportion. Returns how many there were, at most `wanted`. */
export function takeFrom(byAge: Float64Array, at: number, wanted: number): number {
  const all = sumOf(byAge, at);
  const taken = Math.min(all, wanted);
  if (taken <= 0) return 0;
  for (let age = 0; age < AGES; age++) byAge[at + age]! *= 1 - taken / all;
  return taken;
}

/** All of a row, or those of some ages: from `fromAge` to below `toAge`. */
export function sumOf(byAge: Float64Array, at: number, fromAge = 0, toAge = AGES): number {
  let sum = 0;
  for (let age = fromAge; age < toAge; age++) sum += byAge[at + age]!;
  return sum;
}
