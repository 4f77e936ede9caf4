import type { Objective } from '../objective.js';
import type { ReplicationResult } from '../result.js';
import { valueIn } from './goal.js';

/** By how much a replication is beyond the limit of an objective; below 0 where it keeps it. In the unit of the metric. */
export function excessOf(result: ReplicationResult, objective: Objective): number {
  const value = valueIn(result, objective);
  const isUpper = objective.comparison === '<' || objective.comparison === '<=';
  return isUpper ? value - objective.limit : objective.limit - value;
}

/** The observed value that an excess stands for. */
export function valueOfExcess(excess: number, { comparison, limit }: Objective): number {
  return comparison === '<' || comparison === '<=' ? limit + excess : limit - excess;
}
