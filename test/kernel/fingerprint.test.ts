import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../src/kernel/fingerprint.js';

/** The same arithmetic on big integers, reduced modulo 2^32 after every step. */
function byBigIntegers(events: readonly (readonly [atNs: number, timer: number])[]): string {
  const WORD = 2n ** 32n;
  const word = (x: bigint): bigint => ((x % WORD) + WORD) % WORD;
  let low = 0x9747b28cn;
  let high = 0x3c6ef372n;
  for (const [atNs, timer] of events) {
    low = word((low ^ word(BigInt(atNs))) * 0x85ebca6bn + BigInt(timer));
    high = word(high * 0x9e3779b1n) ^ low ^ (low >> 15n);
  }
  return [high, low].map((x) => x.toString(16).padStart(8, '0')).join('');
}

describe('Fingerprint', () => {
  it('of nothing is its start value', () => {
    expect(new Fingerprint().hex()).toBe('3c6ef3729747b28c');
  });

  it('of some events is the published recurrence, also for times beyond 32 bits', () => {
    const events = [
      [0, 0],
      [1, 3],
      [123_456_789, 17],
      [5_000_000_000, 2],
      [2 ** 52 + 1, 4095],
    ] as const;
    const fingerprint = new Fingerprint();
    for (const [atNs, timer] of events) fingerprint.add(atNs, timer);
    expect(fingerprint.hex()).toBe(byBigIntegers(events));
  });
});
