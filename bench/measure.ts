import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The package that is measured: this one. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface Measurement {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly events: number;
  readonly fingerprint: string;
  readonly peakRssMiB: number;
  /** Latency of all requests; quantiles at p50, p75, p90, p95, p99, p999. */
  readonly latency: { readonly mean: number; readonly quantiles: readonly number[] };
}

export interface Size {
  readonly processes: number;
  /** Of each process. */
  readonly threads: number;
}

/** `w1`: M/M/1 at 90 % of capacity; `w2`: two processes of five threads at 80 % of their locks, or other sizes of it. */
export type Model = 'w1' | 'w2';

/**
 * Runs bench/w2.yml (or w1.yml) in a fresh process with the build under `root`.
 *
 * @throws Error with what the process said, if it fails
 */
export function measure(
  root: string,
  requests: number,
  { processes, threads }: Size,
  model: Model = 'w2',
): Measurement {
  const script = fileURLToPath(new URL('measure.mjs', import.meta.url));
  const args = [script, root, requests, processes, threads, model].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
  return JSON.parse(stdout) as Measurement;
}
