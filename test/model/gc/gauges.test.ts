import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import { loadScenario } from '../../../src/scenario/index.js';

function runValues(phases: string, heap = ''): ReadonlyMap<string, number> {
  const text = `
version: 1
name: counts
description: collections that are counted
host: {cores: 1}
ruby: {version: "3.1"}
server: {ideal: {processes: 1, threads: 1}}
app: {resident_objects: 100000, ${heap}classes: [{name: web, phases: [${phases}]}]}
load: {open: {every: 10ms}}
run: {duration: 20s, replications: 1, seed: 1}
overheads: none
`;
  const { experiment, problems } = loadScenario({ file: 's.yml', text }, { readText: () => '' });
  expect(problems).toEqual([]);
  const { runValues: values } = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
  return new Map(values.map(({ metric, value }) => [metric, value]));
}

describe('collections a second', () => {
  it('are as many as the free slots of the booted heap allow', () => {
    const values = runValues('{allocate: {objects: 30000}}');
    // 135 000 objects in a heap with 30 % free slots: 57 900 free ones, used up by 1.93 requests.
    const free = 135_000 / 0.7 - 135_000;
    expect(values.get('minor_gc_per_s')! / ((100 * 30_000) / free)).toBeCloseTo(1, 1);
    expect(values.get('major_gc_per_s')).toBe(0);
    expect(values.get('gc_pause_ratio')).toBeGreaterThan(0);
  });

  it('are more if the application says that fewer slots are free', () => {
    const values = runValues('{allocate: {objects: 30000}}', 'boot_free_slots: 0.25, ');
    const free = 135_000 / 0.75 - 135_000;
    expect(values.get('minor_gc_per_s')! / ((100 * 30_000) / free)).toBeCloseTo(1, 1);
  });

  it('are not reported where nothing is allocated', () => {
    expect(runValues('{cpu: 5ms}').has('minor_gc_per_s')).toBe(false);
  });
});
