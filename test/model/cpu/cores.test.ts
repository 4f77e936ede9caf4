import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DedicatedCores } from '../../../src/model/cpu/dedicated.js';
import { ProcessorSharing } from '../../../src/model/cpu/processor-sharing.js';
import { TimeSlices } from '../../../src/model/cpu/time-slices.js';
import { type CoreUser, type CpuFactory, runOnCores } from '../../support/core-users.js';
import { ms } from '../../support/phases.js';

const slices =
  (cores: number, sliceNs = ms(3)): CpuFactory =>
  (kernel, _threads, listener) =>
    new TimeSlices(kernel, cores, sliceNs, listener);
const sharing =
  (cores: number): CpuFactory =>
  (kernel, _threads, listener) =>
    new ProcessorSharing(kernel, cores, listener);
const dedicated: CpuFactory = (kernel, threads, listener) => new DedicatedCores(kernel, threads, listener);

describe('time slices', () => {
  it('two threads on one core take turns of one slice', () => {
    // A 0-3, B 3-6, A 6-9, B 9-10, A 10-11
    const { ends, busyNs } = runOnCores(slices(1), [
      { atNs: 0, work: [ms(7)] },
      { atNs: ms(1), work: [ms(4)] },
    ]);
    expect(ends).toEqual([[ms(11)], [ms(10)]]);
    expect(busyNs).toBe(ms(11));
  });

  it('slices follow one another while a thread is alone: a newcomer waits for the end of the current one', () => {
    const { ends } = runOnCores(slices(1), [
      { atNs: 0, work: [ms(10)] },
      { atNs: ms(4), work: [ms(1)] },
    ]);
    expect(ends).toEqual([[ms(11)], [ms(7)]]);
  });

  it('a thread that goes on working keeps its core and its slice', () => {
    const { ends } = runOnCores(slices(1), [
      { atNs: 0, work: [ms(2), ms(2)] },
      { atNs: ms(1), work: [ms(2)] },
    ]);
    expect(ends).toEqual([[ms(2), ms(6)], [ms(5)]]);
  });

  it('two cores serve one queue', () => {
    // A and B 0-3 on the two cores, then C takes A's core at 3 and A waits: B's slice is over too, A takes its core.
    const { ends } = runOnCores(slices(2), [
      { atNs: 0, work: [ms(4)] },
      { atNs: 0, work: [ms(5)] },
      { atNs: ms(1), work: [ms(4)] },
    ]);
    // A 0-3, 3-4; B 0-3, then on A's core 4-6; C 3-6, alone then: 6-7.
    expect(ends).toEqual([[ms(4)], [ms(6)], [ms(7)]]);
  });

  it('a thread that is stopped leaves its core, or the queue', () => {
    const { ends, left } = runOnCores(slices(1), [
      { atNs: 0, work: [ms(10)], stopNs: ms(2) },
      { atNs: ms(1), work: [ms(5)] },
      { atNs: ms(1), work: [ms(4)], stopNs: ms(4) },
    ]);
    expect(left).toEqual([ms(8), 0, ms(4)]);
    expect(ends).toEqual([[], [ms(7)], []]);
  });
});

describe('processor sharing', () => {
  it('two threads on one core advance at half speed', () => {
    const { ends, busyNs } = runOnCores(sharing(1), [
      { atNs: 0, work: [ms(10)] },
      { atNs: ms(1), work: [ms(4)] },
    ]);
    expect(ends).toEqual([[ms(14)], [ms(9)]]);
    expect(busyNs).toBe(ms(14));
  });

  it('three threads on two cores advance at two thirds', () => {
    const { ends } = runOnCores(
      sharing(2),
      [0, 0, 0].map((atNs) => ({ atNs, work: [ms(6)] })),
    );
    expect(ends).toEqual([[ms(9)], [ms(9)], [ms(9)]]);
  });

  it('a thread that is stopped gives its share to the others', () => {
    const { ends, left } = runOnCores(sharing(1), [
      { atNs: 0, work: [ms(10)], stopNs: ms(4) },
      { atNs: 0, work: [ms(10)] },
    ]);
    expect(left).toEqual([ms(8), 0]);
    expect(ends).toEqual([[], [ms(12)]]);
  });
});

describe.each([
  ['time slices', slices],
  ['processor sharing', sharing],
] as const)('%s', (_, policy) => {
  const users = fc.array(
    fc.record({
      atNs: fc.nat(40_000_000),
      work: fc.array(fc.integer({ min: 1, max: 20_000_000 }), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('conserves work: busy core time is what was asked for, and the cores are never idle while somebody waits', () => {
    fc.assert(
      fc.property(users, fc.integer({ min: 1, max: 4 }), (everybody, cores) => {
        const { ends, busyNs } = runOnCores(policy(cores), everybody);
        const workNs = everybody.reduce((sum, { work }) => sum + work.reduce((a, b) => a + b), 0);
        const pieces = everybody.reduce((sum, { work }) => sum + work.length, 0);
        expect(ends.map(({ length }) => length)).toEqual(everybody.map(({ work }) => work.length));
        // Processor sharing rounds the end of every piece to whole ns, on each core.
        const roundingNs = policy === slices ? 0 : pieces * cores;
        expect(Math.abs(busyNs - workNs)).toBeLessThanOrEqual(roundingNs);
        if (cores === 1)
          expect(Math.abs(Math.max(...ends.flat()) - lastEndOnOneCore(everybody))).toBeLessThanOrEqual(roundingNs);
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  it('with a core for everybody nobody waits, as with dedicated cores', () => {
    fc.assert(
      fc.property(users, (everybody) => {
        expect(runOnCores(policy(everybody.length), everybody)).toEqual(runOnCores(dedicated, everybody));
      }),
      { seed: 22, numRuns: 100 },
    );
  });
});

/** End of the last busy period of one core that is never idle while there is work. */
function lastEndOnOneCore(users: readonly CoreUser[]): number {
  let freeNs = 0;
  for (const { atNs, work } of [...users].sort((a, b) => a.atNs - b.atNs)) {
    freeNs = Math.max(freeNs, atNs) + work.reduce((a, b) => a + b);
  }
  return freeNs;
}
