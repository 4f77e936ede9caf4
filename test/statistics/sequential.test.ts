import { describe, expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';
import { normalQuantile, RepeatedTTest, TriangularTest } from '../../src/statistics/index.js';

/** Normal draws of a repetition. */
function normals(repetition: number): () => number {
  const stream = createStreams(11, repetition).open('test/normal');
  return () => normalQuantile(stream.uniform());
}

/** Largest number of errors in 500 that an error probability of 0.1 gives in 999 of 1000 cases: 50 + 3.1 x 6.7. */
const MOST_ERRORS = 71;

describe('the triangular test', () => {
  it('names the right side of a mean at the tolerance with the stated probability', () => {
    let errors = 0;
    for (let repetition = 0; repetition < 500; repetition++) {
      const draw = normals(repetition);
      const test = new TriangularTest(0.1, 10, 0.5);
      let side = null;
      while (side === null) side = test.add(0.5 + draw());
      if (side === 'below') errors++;
    }
    expect(errors).toBeLessThanOrEqual(MOST_ERRORS);
  });

  it('ends when the triangle closes, whatever the mean', () => {
    const draw = normals(0);
    const test = new TriangularTest(0.05, 10, 0.2);
    let n = 0;
    for (let side = null; side === null; n++) side = test.add(draw());
    expect(n).toBeLessThanOrEqual(test.most);
  });

  it('of values that do not vary ends after the first stage', () => {
    const test = new TriangularTest(0.05, 5, 1);
    expect([1, 1, 1, 1].map((value) => test.add(value))).toEqual([null, null, null, null]);
    expect(test.add(1)).toBe('above');
    expect(test.most).toBe(5);
  });

  it('has the constants of Kim and Nelson', () => {
    // k = 2, alpha = 0.05, n0 = 10, c = 1: eta = ((2 alpha)^(-2/9) - 1) / 2 = 0.33402, h² = 18 eta = 6.0124
    const test = new TriangularTest(0.05, 10, 1);
    const values = [3, -3, 3, -3, 3, -3, 3, -3, 3, -3]; // mean 0, variance 10
    for (const value of values) test.add(value);
    expect(test.most).toBe(Math.ceil(18 * ((0.1 ** (-2 / 9) - 1) / 2) * 10));
  });
});

describe('the repeated t test', () => {
  it('errs no more often than stated on a mean of zero, however often it looks', () => {
    let errors = 0;
    for (let repetition = 0; repetition < 500; repetition++) {
      const draw = normals(repetition);
      const test = new RepeatedTTest(0.1, 5);
      let side = null;
      for (let n = 0; n < 640 && side === null; n++) side = test.add(draw());
      if (side === 'above') errors++;
    }
    expect(errors).toBeLessThanOrEqual(MOST_ERRORS);
  });

  it('tells a mean of one from zero within some looks', () => {
    for (let repetition = 0; repetition < 50; repetition++) {
      const draw = normals(repetition);
      const test = new RepeatedTTest(0.01, 5);
      let side = null;
      while (side === null) side = test.add(1 + draw());
      expect(side).toBe('above');
      expect(test.n).toBeLessThanOrEqual(80);
    }
  });

  it('looks at doubling numbers only', () => {
    const test = new RepeatedTTest(0.1, 2);
    expect([5, 5].map((value) => test.add(value))).toEqual([null, 'above']);
  });
});

describe('both', () => {
  it('refuse what is no probability or no sample', () => {
    for (const error of [0, 0.5, -1, Number.NaN]) {
      expect(() => new RepeatedTTest(error, 5)).toThrow(RangeError);
      expect(() => new TriangularTest(error, 5, 1)).toThrow(RangeError);
    }
    expect(() => new RepeatedTTest(0.1, 1)).toThrow(RangeError);
    expect(() => new TriangularTest(0.1, 1, 1)).toThrow(RangeError);
    expect(() => new TriangularTest(0.1, 5, 0)).toThrow(RangeError);
  });
});
