import { describe, expect, it } from 'vitest';
import { observedLoad } from '../../../src/experiment/load/observed-load.js';
import type { ReplicationResult } from '../../../src/experiment/result.js';
import type { ConfigurationSpec, RunSpec } from '../../../src/experiment/spec.js';
import { createExponential } from '../../../src/random/distributions/index.js';
import { c, ms } from '../../support/phases.js';
import { unicornServer, world } from '../../support/worlds.js';
import { replication, summary } from '../summaries.js';

const run: RunSpec = {
  kind: 'steady',
  requests: 1000,
  durationNs: Number.POSITIVE_INFINITY,
  warmup: { kind: 'time', ns: 0 },
  replications: 1,
  precision: null,
  seed: 1,
  confidence: 0.95,
  sampleEveryNs: 0,
};

/** Four workers; a request demands 100 ms of CPU, so by the formula 40/s can be served. */
const configuration = (ratePerSec: number): ConfigurationSpec => ({
  variant: 'four',
  system: world({
    server: unicornServer(4),
    phases: [[c(0).kind, createExponential(ms(100))]],
    load: { kind: 'renewal', interarrival: createExponential(1e9 / ratePerSec) },
  }),
});

const serviceOf = (mean: number | null): ReplicationResult[] => [
  replication('four', 0, [summary('service_ms', mean ?? Number.NaN, mean === null ? 0 : 1000)]),
];

describe('the load as it was seen in a run', () => {
  it('is the number of threads over the time that a request kept one', () => {
    expect(observedLoad(configuration(30), run, serviceOf(125)).capacityPerSec).toBe(32);
  });

  it('is too much where the formula before the run could not know: collections and waits made requests longer', () => {
    expect(observedLoad(configuration(38), run, serviceOf(104)).isUnstable).toBe(false);
    expect(observedLoad(configuration(38), run, serviceOf(106)).isUnstable).toBe(true);
  });

  it('stays too much by the formula, whatever was served of it', () => {
    expect(observedLoad(configuration(45), run, serviceOf(80)).isUnstable).toBe(true);
  });

  it('is unknown where nobody was served', () => {
    const load = observedLoad(configuration(30), run, serviceOf(null));
    expect([load.capacityPerSec, load.isUnstable]).toEqual([null, false]);
  });
});
