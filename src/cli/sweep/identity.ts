import { createHash } from 'node:crypto';
import type { SweepPlan } from '../../scenario/index.js';
import { CliError } from '../cli-error.js';

/** Everything that decides the bytes of a sweep, by what to call it. Two sweeps with the same belong together. */
export type SweepIdentity = Readonly<Record<string, string>>;

export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

export const WHOLE: Shard = { number: 1, of: 1 };

/** @param files texts that the scenario names, by path */
export function identityOf(
  plan: SweepPlan,
  resolved: unknown,
  files: ReadonlyMap<string, string>,
  metrics: readonly string[] | null,
  version: string,
): SweepIdentity {
  const names = [...files.keys()].sort();
  return {
    'gvlsim version': version,
    scenario: digest(JSON.stringify(resolved)),
    'data files': digest(JSON.stringify(names.map((name) => digest(files.get(name)!)))),
    grid: digest(JSON.stringify(plan.grid)),
    metrics: metrics === null ? 'all' : metrics.join(' '),
  };
}

/** What is different, in words. */
export function differences(one: SweepIdentity, other: SweepIdentity): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => one[key] !== other[key]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
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
