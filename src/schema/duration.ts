import parseDuration from 'parse-duration';
import type * as z from 'zod';
import { field, type Reading } from './field.js';
import { formatDuration } from './units.js';

/** Unit of bare numbers, for fields whose name ends in `_ms`, `_s` or `_us`. */
export type BareUnit = 'ms' | 's' | 'us';

export interface DurationOptions {
  readonly doc: string;
  /** Smallest allowed value [ns]. @default 0 */
  readonly min?: number;
  /** Largest allowed value [ns]. @default 2^53 - 1 (104 days) */
  readonly max?: number;
  /** Accept a bare number in this unit. */
  readonly bare?: BareUnit;
}

const PART = /\d+(?:\.\d+)?\s*(?:ns|us|µs|ms|s|sec|m|min|h|d)/u;
const DURATION = new RegExp(`^${PART.source}(?:\\s*${PART.source})*$`, 'u');
const BARE_NS: Readonly<Record<BareUnit, number>> = { ms: 1e6, s: 1e9, us: 1e3 };

/** A span of simulated time as text with unit; the value is whole nanoseconds. */
export function duration(options: DurationOptions): z.ZodType<number> {
  const { doc, min = 0, max = Number.MAX_SAFE_INTEGER, bare } = options;
  const expected = `a duration with its unit such as 250ms or 1m30s${rangeText(min, max)}`;
  const text = { type: 'string', pattern: DURATION.source };
  const json = bare === undefined ? text : { anyOf: [text, { type: 'number', minimum: 0 }] };
  return field({ doc, expected, unit: 'ns', json: { ...json, examples: ['250ms', '1m30s', '100us'] } }, (input) => {
    const reading = readDuration(input, bare);
    if ('fault' in reading) return reading;
    if (reading.value < min || reading.value > max) return { fault: { code: 'SCN_RANGE' } };
    return reading;
  });
}

/** Text with unit to whole nanoseconds. */
export function readDuration(input: unknown, bare?: BareUnit): Reading<number> {
  if (typeof input === 'number' && bare !== undefined) {
    if (!(input >= 0)) return { fault: { code: 'SCN_RANGE' } };
    return { value: Math.round(input * BARE_NS[bare]) };
  }
  if (typeof input === 'number') {
    return {
      fault: {
        code: 'SCN_UNIT',
        hint: Number.isFinite(input) ? `write ${Math.abs(input)}ms or ${Math.abs(input)}s` : undefined,
      },
    };
  }
  if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
  const text = input.trim();
  if (/^-/.test(text) && DURATION.test(text.slice(1)))
    return { fault: { code: 'SCN_RANGE', hint: 'a time cannot be negative' } };
  if (/^\d+(\.\d+)?$/.test(text)) return { fault: { code: 'SCN_UNIT', hint: `write ${text}ms or ${text}s` } };
  if (!DURATION.test(text)) {
    const unitMissing = /^[\d.]+\s*\D+$/u.test(text);
    return { fault: { code: unitMissing ? 'SCN_UNIT' : 'SCN_TYPE', hint: 'units: ns, us, ms, s, m (minutes), h, d' } };
  }
  const exactNs = parseNs(text);
  const ns = Math.round(exactNs);
  if (ns > Number.MAX_SAFE_INTEGER)
    return { fault: { code: 'SCN_RANGE', hint: 'the longest time that can be simulated is 104 days' } };
  if (ns === 0 && exactNs > 0) return { fault: { code: 'SCN_RANGE', hint: 'simulated time counts whole nanoseconds' } };
  return { value: ns };
}

/** The library's units, counted in ns: it counts in ms, which loses the last digit of long times. */
const UNITS_NS = {
  ...parseDuration.unit,
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  sec: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** The library's table of units is swapped for ours during the call only: others may use the library too. */
function parseNs(text: string): number {
  const units = parseDuration.unit;
  try {
    parseDuration.unit = UNITS_NS as unknown as typeof units;
    return parseDuration(text, 'ns') ?? 0;
  } finally {
    parseDuration.unit = units;
  }
}

function rangeText(min: number, max: number): string {
  if (max < Number.MAX_SAFE_INTEGER) return `, from ${formatDuration(min)} to ${formatDuration(max)}`;
  if (min === 1) return ', longer than 0s';
  return min > 0 ? `, at least ${formatDuration(min)}` : '';
}
