import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, pumaServer, runWorld, type WorldRequest, world } from '../../support/worlds.js';

const run = (version: string, workers: number, threads: number, requests: readonly WorldRequest[]) =>
  byArrival(runWorld(world({ server: pumaServer(version, workers, threads), requests })));

/** A thread that waits for I/O leaves the lock to the acceptor. */
const BUSY = [
  { atNs: 0, phases: [i(ms(100))] },
  { atNs: ms(10), phases: [c(ms(10))] },
];

describe('Puma with all its threads busy', () => {
  it.each(['5.6', '6.6'])('%s leaves connections in the queue of the kernel', (version) => {
    const [, second] = run(version, 0, 1, BUSY);
    expect(second!.partsNs[Part.Backlog]).toBe(ms(90));
    expect(second!.partsNs[Part.Queue]).toBe(0);
    expect(second!.departedNs).toBe(ms(110));
  });

  it.each(['7.2', '8.0'])('%s takes them into its own queue', (version) => {
    const [, second] = run(version, 0, 1, BUSY);
    expect(second!.partsNs[Part.Backlog]).toBe(0);
    expect(second!.partsNs[Part.Queue]).toBe(ms(90));
    expect(second!.departedNs).toBe(ms(110));
  });

  it('7.2 pins a request to a worker although another is idle soon after; 6.6 does not', () => {
    // Two workers of one thread. A long request keeps the first busy, a short one the second; both accept the next two.
    const requests = [
      { atNs: 0, phases: [i(ms(100))] },
      { atNs: ms(20), phases: [i(ms(10))] },
      { atNs: ms(25), phases: [i(ms(1))] },
      { atNs: ms(26), phases: [i(ms(1))] },
    ];
    const lateOnes = (version: string) =>
      run(version, 2, 1, requests)
        .slice(2)
        .filter(({ departedNs }) => departedNs >= ms(100)).length;
    expect(lateOnes('6.6')).toBe(0);
    expect(lateOnes('7.2')).toBeGreaterThan(0);
  });
});

describe('Puma with a free thread', () => {
  it.each(['5.6', '6.6', '7.2', '8.0'])('%s in single mode serves at once', (version) => {
    const [first, second] = run(version, 0, 2, [
      { atNs: 0, phases: [c(ms(5)), i(ms(10)), c(ms(5))] },
      { atNs: ms(7), phases: [c(ms(2))] },
    ]);
    expect(first!.departedNs).toBe(ms(20));
    // 5.6 and 6.6 behind a gate that is open; single mode knows no delay but in 6.0 to 6.4.
    expect(second!.departedNs).toBe(ms(9));
  });

  it('6.6 in a cluster holds a busy worker back for 5 ms: a sibling that is idle is first', () => {
    const [first, second] = run('6.6', 2, 2, [
      { atNs: 0, phases: [i(ms(50))] },
      { atNs: ms(10), phases: [c(ms(2))] },
    ]);
    expect(second!.process).not.toBe(first!.process);
    expect(second!.departedNs).toBe(ms(12));
  });

  it('a CPU-bound request keeps the acceptor from the lock until the end of its slice', () => {
    const [, second] = run('7.2', 0, 2, [
      { atNs: 0, phases: [c(ms(300))] },
      { atNs: ms(50), phases: [c(ms(1))] },
    ]);
    // Ten ticks for the acceptor, 60 … 150 ms; then for the pool thread, 160 … 250 ms.
    expect(second!.partsNs[Part.Backlog]).toBe(ms(100));
    expect(second!.departedNs).toBe(ms(251));
  });
});

/**
 * One request ends at about 200 ms, the other computes all the time: each call that gives the lock up costs the first a turn of 100 ms. The turn before its
 * last millisecond of CPU is common to all versions.
 */
describe("Puma's answer next to a thread that computes", () => {
  const REQUESTS = [
    { atNs: 0, phases: [i(ms(200)), c(ms(1))] },
    { atNs: ms(10), phases: [c(ms(2000))] },
  ];

  it.each([
    ['5.6', 2], // header and body, and the socket is corked until both are written
    ['6.6', 0],
    ['7.2', 0],
  ] as const)('%s has lost the lock %i times when it leaves', (version, turns) => {
    const spec = world({ server: pumaServer(version, 0, 3), requests: REQUESTS, overheads: true });
    const [first] = byArrival(runWorld(spec));
    const afterAppNs = first!.departedNs - first!.endNs;
    expect(Math.round(afterAppNs / ms(100))).toBe(turns);
    expect(afterAppNs - turns * ms(100)).toBeLessThan(ms(turns + 1)); // its own code, and the hog's way to the end of a tick
  });
});
