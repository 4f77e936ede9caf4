import { compile } from '../../src/model/bench.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createStreams } from '../../src/random/streams.js';
import type { Sampled } from '../../src/statistics/pooled-quantile.js';
import { quantiles } from '../../src/statistics/quantile.js';
import { CURVE_LEVELS } from '../../src/statistics/quantile-curve.js';

export interface Sample {
  readonly mean: number;
  /** The distribution of the sojourn times. */
  readonly sampled: Sampled;
}

/** One replication of the compiled model: mean and distribution of the sojourn times after the first tenth of the arrivals [ns]. */
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
  const curve = Float64Array.from(quantiles(times, CURVE_LEVELS));
  return { mean: sum / filled, sampled: { curve, observations: filled } };
}
