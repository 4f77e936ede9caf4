import { comparePaired, type PairedComparison } from '../statistics/paired.js';
import type { ReplicationResult } from './result.js';
import { type Goal, valueIn } from './search/goal.js';

/** What an input at both of its ends does to one output of one variant. */
export interface InputEffect {
  /** Index of the input. */
  readonly input: number;
  /** From 1: what moves the output most comes first. */
  readonly rank: number;
  readonly atLow: number;
  readonly atHigh: number;
  /** Output at the low end less that of the scenario as it is; at the high end; and the high end less the low one. */
  readonly low: PairedComparison;
  readonly high: PairedComparison;
  readonly swing: PairedComparison;
}

export interface OutputSensitivity {
  readonly variant: string;
  readonly output: Goal;
  readonly atBase: number;
  /** What moves it most first. */
  readonly effects: readonly InputEffect[];
}

/** Replications of the scenario as it is, and with one input at an end. */
export interface VariedResults {
  readonly base: readonly ReplicationResult[];
  readonly ends: readonly { readonly low: readonly ReplicationResult[]; readonly high: readonly ReplicationResult[] }[];
}

/**
 * How far outputs move when inputs are changed one at a time, in pairs of replications that had the same random numbers.
 * Inputs are ranked by the size of the difference between their two ends.
 */
export function sensitivityOf(
  { base, ends }: VariedResults,
  variants: readonly string[],
  outputs: readonly Goal[],
  level: number,
): OutputSensitivity[] {
  return variants.flatMap((variant) =>
    outputs.map((output) => {
      const values = (results: readonly ReplicationResult[]): number[] =>
        results.filter((result) => result.variant === variant).map((result) => valueIn(result, output));
      const asIs = values(base);
      const effects = ends.map(({ low, high }, input) => {
        const [atLow, atHigh] = [values(low), values(high)];
        return {
          input,
          atLow: mean(atLow),
          atHigh: mean(atHigh),
          low: paired(atLow, asIs, level),
          high: paired(atHigh, asIs, level),
          swing: paired(atHigh, atLow, level),
        };
      });
      const size = (k: number): number => Math.abs(effects[k]!.swing.difference.estimate) || 0;
      const order = effects.map((_, k) => k).sort((a, b) => size(b) - size(a) || a - b);
      return {
        variant,
        output,
        atBase: mean(asIs),
        effects: order.map((k, rank) => ({ ...effects[k]!, rank: rank + 1 })),
      };
    }),
  );
}

/** Replications that both have: with a precision to be reached, one may have more. */
function paired(ours: readonly number[], theirs: readonly number[], level: number): PairedComparison {
  const count = Math.min(ours.length, theirs.length);
  return comparePaired(ours.slice(0, count), theirs.slice(0, count), level);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
