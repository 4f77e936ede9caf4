import type * as z from 'zod';
import { field } from './field.js';

/** A share between 0 and 1, written as such or as a percentage: `0.05`, `5%`. The bounds are not allowed. */
export function share(doc: string): z.ZodType<number> {
  const expected = 'a percentage such as 5%, or a share above 0 and below 1';
  const json = { anyOf: [{ type: 'string' }, { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }] };
  return field<number>({ doc, expected, unit: '', json }, (input) => {
    const percent = typeof input === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(input.trim())?.[1] : undefined;
    const value = percent === undefined ? input : Number(percent) / 100;
    if (typeof value !== 'number') return { fault: { code: 'SCN_TYPE' } };
    if (value > 0 && value < 1) return { value };
    return { fault: { code: 'SCN_RANGE', hint: value >= 1 && value < 100 ? `write ${value}%` : undefined } };
  });
}
