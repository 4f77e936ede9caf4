import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricCell, msCell, nsAsMsCell, plainCell, rounded, secondsCell } from '../../src/report/numbers.js';

describe('cells of numbers', () => {
  it('are as short as they can be', () => {
    expect(msCell(50)).toBe('50');
    expect(msCell(0.1 + 0.2)).toBe('0.3');
    expect(plainCell(0.95)).toBe('0.95');
    expect(plainCell(-0)).toBe('0');
    expect(msCell(-0.0000001)).toBe('0');
  });

  it('never use an exponent', () => {
    expect(nsAsMsCell(1)).toBe('0.000001');
    expect(secondsCell(1)).toBe('0.000000001');
    expect(secondsCell(70)).toBe('0.00000007');
    expect(plainCell(1e21)).toBe('1000000000000000000000');
    expect(plainCell(2 ** 53)).toBe('9007199254740992');
  });

  it('are empty for what is not a number', () => {
    for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY]) expect(msCell(value)).toBe('');
    expect(rounded(Number.NaN, 3)).toBeNull();
  });

  it('give back whole nanoseconds exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e15 }), (ns) => {
        const ms = nsAsMsCell(ns);
        expect(ms).toMatch(/^\d+(\.\d{1,6})?$/);
        const [whole, decimals = ''] = ms.split('.');
        expect(BigInt(whole! + decimals.padEnd(6, '0'))).toBe(BigInt(ns));
        const seconds = secondsCell(ns);
        expect(seconds).toMatch(/^\d+(\.\d{1,9})?$/);
        const [wholeSec, decimalsSec = ''] = seconds.split('.');
        expect(BigInt(wholeSec! + decimalsSec.padEnd(9, '0'))).toBe(BigInt(ns));
      }),
      { seed: 1 },
    );
  });

  it('have the decimals of their unit', () => {
    expect(metricCell('latency_ms', 1.23456789)).toBe('1.234568');
    expect(metricCell('error_ratio', 0.123456789012)).toBe('0.123456789');
  });
});
