import { STATUS_NAMES, Status } from '../../model/observations.js';
import { quantiles } from '../../statistics/index.js';
import { runReplication } from '../replicate.js';
import type { ConfigurationSpec, RunSpec } from '../spec.js';
import { requestName } from './request-name.js';

/** What became of requests, measured or simulated: columns with one entry a request; milliseconds. */
export interface ObservedRequests {
  readonly ids: readonly string[];
  /** From sending to the answer; NaN where there was none. */
  readonly latencyMs: Float64Array;
  /** From sending to the start of the application; NaN where it is not known. Null: nowhere. */
  readonly queueMs: Float64Array | null;
  /** Name of the worker process; empty where none is known. Null: nowhere. */
  readonly worker: readonly string[] | null;
  /** `ok` if answered; anything else is a failure. */
  readonly status: readonly string[];
}

/** The requests of one replication after its warm-up, in the order of their arrivals. */
export interface ReplayedRequests {
  readonly requests: ObservedRequests;
  readonly warmUp: number;
  /** Of all events: replications without chance have the same. */
  readonly fingerprint: string;
}

/** Runs one replication, from 0, and keeps what became of every request. */
export function replayRequests(configuration: ConfigurationSpec, run: RunSpec, replication: number): ReplayedRequests {
  const rows: { ordinal: number; id: string; latencyMs: number; queueMs: number; worker: string; status: number }[] =
    [];
  let warmUp = 0;
  const { fingerprint } = runReplication(configuration, run, replication, {
    rows: (bench) => ({
      row: (table, request, nowNs, isWarmUp) => {
        if (isWarmUp) {
          warmUp++;
          return;
        }
        const sentNs = table.arrivedNs[request]!;
        rows.push({
          ordinal: table.ordinal[request]!,
          id: requestName(configuration.system, table, request),
          latencyMs: (nowNs - sentNs) / 1e6,
          queueMs: (table.appStartNs[request]! - sentNs) / 1e6,
          worker: bench.processNames[table.process[request]!] ?? '',
          status: table.status[request]!,
        });
      },
    }),
  });
  rows.sort((a, b) => a.ordinal - b.ordinal);
  return {
    requests: {
      ids: rows.map(({ id }) => id),
      latencyMs: Float64Array.from(rows, ({ latencyMs }) => latencyMs),
      queueMs: Float64Array.from(rows, ({ queueMs }) => queueMs),
      worker: rows.map(({ worker }) => worker),
      status: rows.map(({ status }) => STATUS_NAMES[status]!),
    },
    warmUp,
    fingerprint,
  };
}

/** Status of a request that was answered. */
export const ANSWERED: string = STATUS_NAMES[Status.Ok];

/** What is compared of a column of times. */
export const FIGURES = ['mean', 'p50', 'p90', 'p95', 'p99'] as const;
export const FIGURE_LEVELS = [0.5, 0.9, 0.95, 0.99] as const;

/** Mean and quantiles, in the order of `FIGURES`. */
export function figuresOf(values: Float64Array): number[] {
  return [values.reduce((sum, value) => sum + value, 0) / values.length, ...quantiles(values, FIGURE_LEVELS)];
}

/** Share of the requests that the busiest worker served. */
export function busiestShare(workers: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const worker of workers) counts.set(worker, (counts.get(worker) ?? 0) + 1);
  return Math.max(...counts.values()) / workers.length;
}
