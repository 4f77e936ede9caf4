import type * as z from 'zod';
import { type Fault, field } from './field.js';

export interface NumberOptions {
  readonly doc: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** The bounds themselves are not allowed. */
  readonly above?: number;
  readonly below?: number;
}

/** A whole number with its range. */
export function count(options: NumberOptions): z.ZodType<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const expected = `a whole number${rangeText({ ...options, min })}`;
  const json = { type: 'integer', minimum: min, ...(max < Number.MAX_SAFE_INTEGER && { maximum: max }) };
  return field<number>({ doc: options.doc, expected, unit: options.unit ?? '', json }, (input) => {
    if (typeof input !== 'number') return { fault: notANumber(input) };
    if (Number.isNaN(input)) return { fault: { code: 'SCN_RANGE', hint: '.nan is not a number' } };
    if (!Number.isInteger(input)) return { fault: { code: Number.isFinite(input) ? 'SCN_TYPE' : 'SCN_RANGE' } };
    if (input >= min && input <= max) return { value: input };
    const isTold = input < min || max < Number.MAX_SAFE_INTEGER;
    return { fault: { code: 'SCN_RANGE', hint: isTold ? undefined : `at most ${max}` } };
  });
}

/** Any finite number with its range. */
export function decimal(options: NumberOptions): z.ZodType<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options;
  const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = options;
  const expected = `a number${rangeText(options)}`;
  const json = {
    type: 'number',
    ...(options.min !== undefined && { minimum: min }),
    ...(options.max !== undefined && { maximum: max }),
    ...(options.above !== undefined && { exclusiveMinimum: above }),
    ...(options.below !== undefined && { exclusiveMaximum: below }),
  };
  return field<number>({ doc: options.doc, expected, unit: options.unit ?? '', json }, (input) => {
    if (typeof input !== 'number') return { fault: notANumber(input) };
    const inside = Number.isFinite(input) && input >= min && input <= max && input > above && input < below;
    return inside ? { value: input } : { fault: { code: 'SCN_RANGE', hint: percentHint(input, options) } };
  });
}

/** A share from 0 to 1. */
export function ratio(options: { readonly doc: string; readonly below?: number }): z.ZodType<number> {
  return decimal({
    doc: options.doc,
    min: 0,
    ...(options.below === undefined ? { max: 1 } : { below: options.below }),
  });
}

function notANumber(input: unknown): Fault {
  const quoted = typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input));
  return { code: 'SCN_TYPE', hint: quoted ? `write ${input.trim()} without quotes` : undefined };
}

function percentHint(input: number, options: NumberOptions): string | undefined {
  const isRatio = options.min === 0 && (options.max === 1 || options.below === 1);
  return isRatio && input > 1 && input <= 100 ? `a share is written 0 to 1: ${input / 100}, not ${input}` : undefined;
}

function rangeText({ min, max, above, below }: NumberOptions): string {
  if (min !== undefined && max !== undefined && max < Number.MAX_SAFE_INTEGER) return ` from ${min} to ${max}`;
  const from = above !== undefined ? ` > ${above}` : min !== undefined ? ` >= ${min}` : '';
  const to = below !== undefined ? ` < ${below}` : max !== undefined ? ` <= ${max}` : '';
  return from !== '' && to !== '' ? `${from} and${to}` : from + to;
}
