import { convertMany } from 'convert';
import type * as z from 'zod';
import { field } from './field.js';

export interface SizeOptions {
  readonly doc: string;
  /** Smallest allowed value [bytes]. @default 0 */
  readonly min?: number;
}

const SIZE = /^\d+(?:\.\d+)?\s*(?:B|[kKMGT]B|[KMGT]iB)$/u;

/** Bytes of a text such as 512MiB; null if it is none. */
export function convertSize(text: string): number | null {
  return SIZE.test(text) ? Math.round(convertMany(text).to('bytes')) : null;
}

/** An amount of memory or data as text with unit (512MiB is binary, 512MB decimal); the value is whole bytes. */
export function size(options: SizeOptions): z.ZodType<number> {
  const { doc, min = 0 } = options;
  const expected = 'a size with its unit such as 512MiB or 64kB';
  const json = { type: 'string', pattern: SIZE.source, examples: ['512MiB', '64kB'] };
  return field<number>({ doc, expected, unit: 'bytes', json }, (input) => {
    if (typeof input === 'number' && !Number.isFinite(input)) return { fault: { code: 'SCN_RANGE' } };
    if (typeof input === 'number') return { fault: { code: 'SCN_UNIT', hint: `write ${input}MiB or ${input}MB` } };
    if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
    const text = input.trim();
    if (!SIZE.test(text))
      return {
        fault: {
          code: /^[\d.]/.test(text) ? 'SCN_UNIT' : 'SCN_TYPE',
          hint: 'units: B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (powers of 1024)',
        },
      };
    const bytes = convertSize(text)!;
    if (bytes < min || bytes > Number.MAX_SAFE_INTEGER) return { fault: { code: 'SCN_RANGE' } };
    return { value: bytes };
  });
}
