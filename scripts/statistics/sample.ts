import { compile } from '../../src/model/bench.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createStreams } from '../../src/random/streams.js';
import { quantiles } from '../../src/statistics/quantile.js';

export interface Sample {
  readonly mean: number;
  readonly p95: number;
}

/** One replication of the compiled model: mean and p95 of the sojourn times after the first tenth of the arrivals [ns]. */
export function sample(spec: SystemSpec, requests: number, seed: number, replication: number): Sample {
  const cut = Math.floor(requests / 10);
  const times = new Float64Array(requests - cut);
  let filled = 0;
  let sum = 0;
  const bench = compile(spec, { requests, durationNs: Number.POSITIVE_INFINITY }, createStreams(seed, replication), {
    departed(request, nowNs) {
      const { ordinal, arrivedNs } = bench.departures;
      if (ordinal[request]! < cut) return;
      const time = nowNs - arrivedNs[request]!;
      times[filled++] = time;
      sum += time;
    },
  });
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
  return { mean: sum / filled, p95: quantiles(times, [0.95])[0]! };
}
