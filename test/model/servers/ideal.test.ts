import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, idealServer, runWorld, type WorldRequest, world } from '../../support/worlds.js';

const run = (processes: number, threads: number, requests: readonly WorldRequest[]) =>
  byArrival(runWorld(world({ server: idealServer(processes, threads), requests })));

describe('ideal server', () => {
  it('gives the head of the queue to the process with the fewest busy threads, the first among equals', () => {
    const requests = [0, 1, 2, 3, 4, 5].map((atNs) => ({ atNs, phases: [i(ms(10))] }));
    expect(run(3, 2, requests).map(({ process }) => process)).toEqual([0, 1, 2, 0, 1, 2]);
    const released = [
      { atNs: 0, phases: [i(ms(10))] },
      { atNs: 1, phases: [i(ms(2))] },
      { atNs: ms(5), phases: [i(ms(1))] },
    ];
    expect(run(2, 2, released).map(({ process }) => process)).toEqual([0, 1, 1]);
  });

  it('has one queue for all processes: nobody waits while a thread is free anywhere', () => {
    const requests = [10, 1, 1, 1].map((length, atNs) => ({ atNs, phases: [c(ms(length))] }));
    const served = run(2, 1, requests);
    expect(served.map(({ process }) => process)).toEqual([0, 1, 1, 1]);
    expect(served.map(({ departedNs }) => departedNs)).toEqual([ms(10), ms(1) + 1, ms(2) + 1, ms(3) + 1]);
    expect(served.map(({ partsNs }) => partsNs[Part.Queue])).toEqual([0, 0, ms(1) - 1, ms(2) - 2]);
  });

  it('at one instant, who leaves goes before who arrives', () => {
    const requests = [
      { atNs: 0, phases: [c(ms(10))] },
      { atNs: ms(10), phases: [c(ms(1))] },
    ];
    const [, second] = run(1, 1, requests);
    expect(second!.departedNs).toBe(ms(11));
    expect(second!.partsNs[Part.Queue]).toBe(0);
  });

  it('at one instant, who has done its work leaves before a time slice ends', () => {
    const requests = [
      { atNs: 0, phases: [c(ms(130))] },
      { atNs: ms(30), phases: [c(ms(5))] },
    ];
    expect(run(1, 2, requests).map(({ departedNs }) => departedNs)).toEqual([ms(130), ms(135)]);
  });
});
