import { describe, expect, it } from 'vitest';
import { ExplicitCollector } from '../../../src/model/gc/explicit.js';
import type { Distribution } from '../../../src/random/distribution.js';
import { drive } from '../../support/gc/drive.js';

const pause: Distribution = {
  name: 'uniform',
  mean: 5_000,
  variance: 0,
  quantile: (u) => 10_000 * u,
  sample: (stream) => 10_000 * stream.uniform(),
};
const draws = () => {
  let k = 0;
  return { uniform: () => (++k % 10) / 10 };
};
const burst = (workNs: number, process = 0) => ({ process, thread: process, objects: 0, mallocBytes: 0, workNs });

describe('explicit collections', () => {
  it('come after so much Ruby running time of a process, each with a pause of its own', () => {
    const gc = new ExplicitCollector({ processes: 2, everyRunNs: 100, everyRequests: 0, pause }, draws());
    expect(drive(gc, burst(70)).pausesNs).toEqual([]);
    expect(drive(gc, burst(99, 1)).pausesNs).toEqual([]);
    expect(drive(gc, burst(250)).pausesNs).toEqual([1_000, 2_000, 3_000]);
    expect(gc.counts(0)).toEqual({ minor: 3, major: 0, pausedNs: 6_000 });
    expect(gc.counts(1).minor).toBe(0);
  });

  it('come at the first Ruby code after every so many requests', () => {
    const gc = new ExplicitCollector({ processes: 1, everyRunNs: 0, everyRequests: 2, pause }, draws());
    const stops = Array.from({ length: 5 }, () => {
      const { pausesNs } = drive(gc, burst(1_000));
      gc.requestEnded(0);
      return pausesNs.length;
    });
    expect(stops).toEqual([0, 0, 1, 0, 1]);
  });
});
