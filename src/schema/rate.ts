import type * as z from 'zod';
import { field } from './field.js';

export interface RateOptions {
  readonly doc: string;
  /** Whether 0/s is allowed. @default false */
  readonly mayBeZero?: boolean;
}

const RATE = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*\/\s*(ms|s|sec|m|min|h|d)$/u;
const PER_SECOND: Readonly<Record<string, number>> = {
  ms: 1000,
  s: 1,
  sec: 1,
  m: 1 / 60,
  min: 1 / 60,
  h: 1 / 3600,
  d: 1 / 86_400,
};

/** Simulated time is counted in whole nanoseconds. */
const MOST_PER_SECOND = 1e9;

/** `7200/min` -> 120; null where the text is no rate. */
export function readRate(text: string): number | null {
  const match = RATE.exec(text.trim());
  return match === null ? null : Number(match[1]) * PER_SECOND[match[2]!]!;
}

/** Arrivals in a time as text such as `120/s` or `7200/min`; the value is per second. */
export function rate(options: RateOptions): z.ZodType<number> {
  const { doc, mayBeZero = false } = options;
  const expected = `a rate such as 120/s or 7200/min${mayBeZero ? '' : ', above 0'}`;
  const json = { type: 'string', pattern: RATE.source, examples: ['120/s', '7200/min'] };
  return field<number>({ doc, expected, unit: '1/s', json }, (input) => {
    if (typeof input === 'number' && !Number.isFinite(input)) return { fault: { code: 'SCN_RANGE' } };
    if (typeof input === 'number') return { fault: { code: 'SCN_UNIT', hint: `write ${input}/s or ${input}/min` } };
    if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
    const perSecond = readRate(input);
    if (perSecond === null) {
      const bare = /^\d+(\.\d+)?$/.test(input.trim());
      if (/^-\s*\d/.test(input.trim())) return { fault: { code: 'SCN_RANGE' } };
      return {
        fault: {
          code: /^\d/.test(input) ? 'SCN_UNIT' : 'SCN_TYPE',
          hint: bare ? `write ${input.trim()}/s` : 'units: /ms, /s, /min, /h, /d',
        },
      };
    }
    if (perSecond > MOST_PER_SECOND) {
      return { fault: { code: 'SCN_RANGE', hint: 'at most one in a nanosecond: 1e9/s' } };
    }
    if (perSecond === 0 && !mayBeZero) return { fault: { code: 'SCN_RANGE' } };
    return { value: perSecond };
  });
}
