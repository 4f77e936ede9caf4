/**
 * Log-linear buckets read off the bits of a double: its exponent and the top 10 bits of its mantissa are the bucket, so
 * finding it takes a shift and a subtraction. 1024 buckets an octave from 1 to 2^53; bucket 0 holds what is below 1.
 */

/** Buckets of one octave: 2^10. */
const MANTISSA_BITS = 10;
const SHIFT = 20 - MANTISSA_BITS;
const ONE = 0x3ff00000 >>> SHIFT;

export const BUCKETS = 1 + (54 << MANTISSA_BITS);

/** Largest value that has a bucket. */
export const MAX_VALUE = 2 ** 53;

/** Half the width of a bucket, relative to its lower edge: 2^-11 = 0.049 %. */
export const HALF_WIDTH = 2 ** -(MANTISSA_BITS + 1);

const scratch = new Float64Array([1]);
const scratchWords = new Uint32Array(scratch.buffer);

/** Which of the two 32-bit words of a double holds the exponent: 1 on little-endian machines. */
export const HIGH_WORD: 0 | 1 = scratchWords[0] === 0 ? 1 : 0;

// A local copy of what is exported: compiled in as a constant (docs/decisions/0009).
const EXPONENT = HIGH_WORD;

/** Bucket of the double whose upper 32 bits are `highWord`; 0 or less for values below 1, BUCKETS or more for negative ones and NaN. */
export function bucketOfHighWord(highWord: number): number {
  return (highWord >>> SHIFT) - ONE + 1;
}

export function bucketOf(value: number): number {
  scratch[0] = value;
  return (scratchWords[EXPONENT]! >>> SHIFT) - ONE + 1;
}

/** The words of a column of doubles, two for each value. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/**
 * The value that stands for all in a bucket: the middle of the whole numbers in it. Whole numbers below 2048 are alone
 * in theirs and come back exactly.
 */
export function valueOfBucket(bucket: number): number {
  if (bucket <= 0) return 0;
  const octave = (bucket - 1) >>> MANTISSA_BITS;
  const step = (bucket - 1) & ((1 << MANTISSA_BITS) - 1);
  const width = 2 ** (octave - MANTISSA_BITS);
  return 2 ** octave + step * width + Math.max(0, (width - 1) / 2);
}
