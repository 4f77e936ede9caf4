import { describe, expect, it } from 'vitest';
import { joinExperiments } from '../../src/experiment/join-experiments.js';
import type { ExperimentSpec } from '../../src/experiment/spec.js';
import { exponentialServer } from './scenarios.js';

const named = (name: string, run = '{requests: 100}'): ExperimentSpec => {
  const spec = exponentialServer({ load: '{open: {rate: 50/s}}', run });
  return {
    ...spec,
    name,
    baseline: name,
    configurations: spec.configurations.map((one) => ({ ...one, variant: name })),
  };
};

describe('experiments side by side', () => {
  it('have the configurations of all, and the baseline of the first', () => {
    const joined = joinExperiments([named('a'), named('b')]);
    if ('fault' in joined) throw new Error(joined.fault);
    expect(joined.experiment.name).toBe('a-vs-b');
    expect(joined.experiment.baseline).toBe('a');
    expect(joined.experiment.configurations.map(({ variant }) => variant)).toEqual(['a', 'b']);
  });

  it('must be run alike', () => {
    expect(joinExperiments([named('a'), named('b', '{requests: 100, seed: 2}')])).toEqual({
      fault: 'a and b differ in run.seed; only runs alike can be compared in pairs',
    });
  });

  it('must have names of their own', () => {
    expect(joinExperiments([named('a'), named('a')])).toMatchObject({ fault: expect.stringContaining('same name') });
  });
});
