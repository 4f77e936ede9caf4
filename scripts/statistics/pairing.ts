import { compareWithBaseline } from '../../src/experiment/estimates/compare.js';
import { runExperiment } from '../../src/experiment/run-experiment.js';
import { experimentOf } from '../../test/experiment/scenarios.js';

/** What pairing saves in one statistic. */
export interface PairingGain {
  readonly baseline: string;
  readonly variant: string;
  readonly statistic: string;
  readonly gain: number;
}

export const PAIRING_REPLICATIONS = 40;

/** Puma configurations that one would really choose between, on the same requests. */
const SIMILAR = `
version: 1
name: similar
host: {cores: 4}
ruby: {version: "3.3"}
app:
  classes:
    - name: page
      weight: 9
      cpu: {lognormal: {mean: 60ms, cv: 0.8}}
      io: {calls: 8, each: {exponential: {mean: 5ms}}}
      allocations: 50000
    - name: report
      weight: 1
      phases:
        - cpu: 20ms
        - io: {exponential: {mean: 120ms}}
        - cpu: {exponential: {mean: 180ms}}
      allocations: 250000
load: {open: {rate: 32/s}}
run: {duration: 2min, replications: ${PAIRING_REPLICATIONS}, seed: 5}
variants:
  puma-4x3: {server: {puma: {version: "6.6", workers: 4, threads: 3}}}
  puma-4x4: {server: {puma: {version: "6.6", workers: 4, threads: 4}}}
  puma7-4x3: {server: {puma: {version: "7.2", workers: 4, threads: 3}}}
`;

/** Runs them and compares each with the first. @param replications fewer for a quick look */
export async function pairing(replications: number = PAIRING_REPLICATIONS): Promise<PairingGain[]> {
  const spec = experimentOf(SIMILAR);
  const result = await runExperiment({ ...spec, run: { ...spec.run, replications } });
  return compareWithBaseline(result)
    .filter(({ className, metric }) => className === 'all' && metric === 'latency_ms')
    .filter(({ statistic }) => ['mean', 'p95', 'p99'].includes(statistic))
    .map(({ baseline, variant, statistic, pairingGain }) => ({
      baseline,
      variant,
      statistic,
      gain: pairingGain ?? Number.NaN,
    }));
}
