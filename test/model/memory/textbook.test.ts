import { describe, expect, it } from 'vitest';
import { createTextbookMeter, textbookBytes } from '../../../src/model/memory/metrics/textbook.js';
import { workerCost } from '../../../src/model/memory/metrics/worker-cost.js';
import { MEBIBYTE, type ProcessFigures, rssOf, ussOf } from '../../../src/model/memory-figures.js';
import type { TextbookMemorySpec } from '../../../src/model/memory-spec.js';

const sum = (copyOnWrite: TextbookMemorySpec['copyOnWrite'], processes: number, threads: number, S = 200, M = 150) =>
  textbookBytes(
    { kind: 'textbook', staticBytes: S * MEBIBYTE, processingBytes: M * MEBIBYTE, copyOnWrite },
    { processes, threads },
  ) / MEBIBYTE;

describe('the sum of the articles, 200 MiB static and 150 MiB a thread', () => {
  it('two processes take 700 MiB, one process with two threads 500 MiB', () => {
    expect(sum('none', 2, 1)).toBe(700);
    expect(sum('none', 1, 2)).toBe(500);
  });

  it('with perfect copy-on-write threads have no advantage', () => {
    for (let n = 1; n <= 16; n *= 2) expect(sum('perfect', n, 1)).toBe(sum('perfect', 1, n));
    expect(sum('perfect', 2, 1)).toBe(500);
  });

  it('a shared share of the production figures: 8 x 1, 4 x 2 and one process with 8 threads', () => {
    const realistic = (P: number, T: number) => sum({ shared: 0.6566 }, P, T, 496.6, 257.2);
    expect(realistic(8, 1)).toBeCloseTo(496.6 + 8 * 427.7, -1);
    expect(realistic(4, 2)).toBeCloseTo(496.6 + 4 * 684.9, -1);
    expect(realistic(1, 8)).toBeCloseTo(496.6 + 8 * 257.2, 6);
  });

  it('the figures of the processes add up to it and their identities hold', () => {
    for (const copyOnWrite of ['none', 'perfect', { shared: 0.25 }] as const) {
      const spec = { kind: 'textbook', staticBytes: 2 ** 28, processingBytes: 2 ** 26, copyOnWrite } as const;
      const meter = createTextbookMeter(spec, { processes: 4, threads: 2 }, Number.POSITIVE_INFINITY);
      const classes = meter.read(0);
      expect(classes.reduce((total, { figures }) => total + figures.pss, 0)).toBe(
        textbookBytes(spec, { processes: 4, threads: 2 }),
      );
      const { figures, count } = classes[0]!;
      expect(count).toBe(4);
      expect(figures.sharedDirty / 4 + ussOf(figures)).toBe(figures.pss);
      expect(rssOf(figures)).toBe(figures.sharedDirty + figures.privateDirty);
    }
  });
});

/** A production worker and its master, in kB. @see Shopify, "To Thread or Not to Thread" (2022) */
const kb = (pss: number, sharedClean: number, sharedDirty: number, privateClean: number, privateDirty: number) =>
  ({
    pss: pss * 1024,
    sharedClean: sharedClean * 1024,
    sharedDirty: sharedDirty * 1024,
    privateClean: privateClean * 1024,
    privateDirty: privateDirty * 1024,
  }) satisfies ProcessFigures;
const WORKER = kb(441_856, 18_288, 315_648, 48, 437_928);
const MASTER = kb(109_398, 14_680, 411_584, 2_844, 79_436);

describe('figures of /proc/PID/smaps_rollup of a production worker', () => {
  it('add up to its resident size', () => {
    expect(rssOf(WORKER)).toBe(771_912 * 1024);
    expect(rssOf(MASTER)).toBe(508_544 * 1024);
  });

  it('say what a worker and a thread cost', () => {
    const cost = workerCost(WORKER, MASTER);
    expect(cost.privateRatio).toBeCloseTo(0.567, 3);
    expect(cost.sharedRatio).toBeCloseTo(0.65665, 5);
    expect(cost.workerByRss / MEBIBYTE).toBeCloseTo(753.8, 1);
    expect(cost.worker / MEBIBYTE).toBeCloseTo(427.7, 1);
    expect(cost.thread / MEBIBYTE).toBeCloseTo(257.2, 1);
    expect(cost.unshared / MEBIBYTE).toBeCloseTo(170.5, 1);
  });
});
