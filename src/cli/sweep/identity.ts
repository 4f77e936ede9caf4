import type { SweepPlan } from '../../scenario/index.js';
import { CliError } from '../cli-error.js';
import { digest, type Identity, identityOf } from '../files/identity.js';

export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

export const WHOLE: Shard = { number: 1, of: 1 };

/**
 * What a sweep is, apart from its shards.
 *
 * @param resolved the first cell with every default written out
 * @param files texts that the scenario names, by path
 * @param metrics those that sweep.csv is to have; null: all
 */
export function sweepIdentity(
  plan: SweepPlan,
  resolved: unknown,
  files: ReadonlyMap<string, string>,
  metrics: readonly string[] | null,
): Identity {
  return {
    ...identityOf(resolved, files),
    grid: digest(JSON.stringify(plan.grid)),
    metrics: metrics === null ? 'all' : metrics.join(' '),
  };
}

/** `2/8`. @throws CliError for anything else */
export function readShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [number, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && number >= 1 && number <= of && of <= 100_000) return { number, of };
  throw new CliError(`--shard ${text} is not a part of a whole`, 'e.g. --shard 2/8: the second of eight parts, from 1');
}

/** Number of cells of a shard: the cells number - 1, number - 1 + of ... */
export function cellsIn({ number, of }: Shard, size: number): number {
  return Math.max(0, Math.ceil((size - (number - 1)) / of));
}

export function cellAt({ number, of }: Shard, position: number): number {
  return number - 1 + position * of;
}
