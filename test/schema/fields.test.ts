import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  duration,
  findings,
  flag,
  formatDuration,
  formatSize,
  oneOf,
  rate,
  ratio,
  type Schema,
  size,
  text,
} from '../../src/schema/index.js';

/** The parsed value, or the code of what is wrong. */
function read<T>(schema: Schema<T>, input: unknown): T | string {
  const result = schema.safeParse(input);
  return result.success ? result.data : findings(schema, result.error, input)[0]!.code;
}

const span = duration({ doc: 'a span' });

describe('duration', () => {
  it.each([
    ['250ms', 250e6],
    ['1.5s', 1.5e9],
    ['100us', 100e3],
    ['100µs', 100e3],
    ['7ns', 7],
    ['1m30s', 90e9],
    ['2min', 120e9],
    ['1h', 3600e9],
    ['1h 20m', 4800e9],
    ['0s', 0],
    [' 5ms ', 5e6],
    ['0.1us', 100],
  ])('%s', (written, ns) => {
    expect(read(span, written)).toBe(ns);
  });

  it.each([
    [5, 'SCN_UNIT'],
    ['5', 'SCN_UNIT'],
    ['5 parsecs', 'SCN_UNIT'],
    ['5,5s', 'SCN_TYPE'],
    ['-5ms', 'SCN_RANGE'],
    ['0.1ns', 'SCN_RANGE'],
    ['105d', 'SCN_RANGE'],
    ['soon', 'SCN_TYPE'],
    ['', 'SCN_TYPE'],
    [true, 'SCN_TYPE'],
    [null, 'SCN_TYPE'],
    [undefined, 'SCN_REQUIRED'],
  ])('not %j: %s', (written, code) => {
    expect(read(span, written)).toBe(code);
  });

  it('a bare number only where the name of the field states the unit', () => {
    expect(read(duration({ doc: 'x_ms', bare: 'ms' }), 2.5)).toBe(2.5e6);
    expect(read(duration({ doc: 'x_s', bare: 's' }), 2.5)).toBe(2.5e9);
    expect(read(duration({ doc: 'x_us', bare: 'us' }), -1)).toBe('SCN_RANGE');
  });

  it('keeps its range', () => {
    expect(read(duration({ doc: 'x', min: 1000 }), '999ns')).toBe('SCN_RANGE');
    expect(read(duration({ doc: 'x', max: 1000 }), '1001ns')).toBe('SCN_RANGE');
  });

  it('every whole number of ns survives being written and read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.maxSafeNat(),
          fc.nat({ max: 10 ** 6 }),
          fc.nat({ max: 9000 }).map((n) => n * 1e9),
        ),
        (ns) => {
          expect(read(span, formatDuration(ns))).toBe(ns);
        },
      ),
    );
  });
});

describe('size', () => {
  const bytes = size({ doc: 'a size' });

  it.each([
    ['512MiB', 512 * 2 ** 20],
    ['512MB', 512e6],
    ['64kB', 64_000],
    ['1KiB', 1024],
    ['1.5GiB', 1.5 * 2 ** 30],
    ['7B', 7],
  ])('%s', (written, value) => {
    expect(read(bytes, written)).toBe(value);
  });

  it.each([
    [512, 'SCN_UNIT'],
    ['512', 'SCN_UNIT'],
    ['512M', 'SCN_UNIT'],
    ['5 ms', 'SCN_UNIT'],
    ['big', 'SCN_TYPE'],
    ['-1MB', 'SCN_TYPE'],
  ])('not %j: %s', (written, code) => {
    expect(read(bytes, written)).toBe(code);
  });

  it('every whole number of bytes survives being written and read', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), (n) => {
        expect(read(bytes, formatSize(n))).toBe(n);
      }),
    );
  });
});

describe('rate', () => {
  it.each([
    ['120/s', 120],
    ['7200/min', 120],
    ['3600/h', 1],
    ['0.5/ms', 500],
    ['133.3333333/s', 133.3333333],
  ])('%s', (written, perSec) => {
    expect(read(rate({ doc: 'a rate' }), written)).toBeCloseTo(perSec, 9);
  });

  it.each([
    [120, 'SCN_UNIT'],
    ['120', 'SCN_UNIT'],
    ['120/fortnight', 'SCN_UNIT'],
    ['0/s', 'SCN_RANGE'],
    ['-3/s', 'SCN_RANGE'],
    ['fast', 'SCN_TYPE'],
  ])('not %j: %s', (written, code) => {
    expect(read(rate({ doc: 'a rate' }), written)).toBe(code);
  });

  it('may be nothing where that makes sense', () => {
    expect(read(rate({ doc: 'a rate', mayBeZero: true }), '0/s')).toBe(0);
  });
});

describe('numbers and words', () => {
  it('a count is whole, finite and in range', () => {
    const threads = count({ doc: 'threads', min: 1, max: 8 });
    const results = [1, 8, 0, 9, 1.5, '3', Number.NaN, Infinity].map((n) => read(threads, n));
    expect(results).toEqual([1, 8, 'SCN_RANGE', 'SCN_RANGE', 'SCN_TYPE', 'SCN_TYPE', 'SCN_RANGE', 'SCN_RANGE']);
  });

  it('a ratio is 0 to 1, and never a percentage', () => {
    const share = ratio({ doc: 'a share' });
    expect([0, 1, 0.5].map((n) => read(share, n))).toEqual([0, 1, 0.5]);
    const result = share.safeParse(50);
    expect(findings(share, result.error!, 50)[0]).toMatchObject({
      code: 'SCN_RANGE',
      hint: 'a share is written 0 to 1: 0.5, not 50',
    });
  });

  it('a choice suggests the word that was meant', () => {
    const order = oneOf(['sequential', 'random'], 'order');
    expect(read(order, 'random')).toBe('random');
    expect(findings(order, order.safeParse('sequental').error!, 'sequental')[0]).toMatchObject({
      code: 'SCN_CHOICE',
      hint: 'did you mean sequential?',
    });
  });

  it('text is text; a flag is true or false', () => {
    expect(read(text({ doc: 'name' }), 'web')).toBe('web');
    expect(read(text({ doc: 'name' }), '  ')).toBe('SCN_TYPE');
    expect(read(text({ doc: 'name' }), 5)).toBe('SCN_TYPE');
    expect(read(flag('a flag'), false)).toBe(false);
    expect(read(flag('a flag'), 'no')).toBe('SCN_TYPE');
  });
});
