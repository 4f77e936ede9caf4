import type * as z from 'zod';
import { alternatives } from './describe.js';
import { type FieldDoc, field } from './field.js';
import { nearest } from './suggest.js';
import { fieldDoc } from './walk.js';

/** Text, not empty. `pattern` states what it may look like, `expected` the same in words. */
export function text(options: {
  readonly doc: string;
  readonly pattern?: RegExp;
  readonly expected?: string;
  readonly mayBeEmpty?: boolean;
}): z.ZodType<string> {
  const { doc, pattern, mayBeEmpty = false } = options;
  const expected = options.expected ?? 'a text';
  const json = { type: 'string', ...(pattern && { pattern: pattern.source }), ...(!mayBeEmpty && { minLength: 1 }) };
  return field<string>({ doc, expected, unit: '', json }, (input) => {
    if (typeof input !== 'string')
      return { fault: { code: 'SCN_TYPE', hint: isScalar(input) ? `write "${input}" in quotes` : undefined } };
    if (input.trim() === '' && !mayBeEmpty) return { fault: { code: 'SCN_TYPE' } };
    if (pattern && !pattern.test(input)) return { fault: { code: 'SCN_TYPE' } };
    return { value: input };
  });
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[], doc: string): z.ZodType<T> {
  const expected = words.length === 1 ? `the word ${words[0]}` : `one of ${alternatives(words)}`;
  return field<T>({ doc, expected, unit: '', json: { type: 'string', enum: words } }, (input) => {
    const found = words.find((word) => word === input);
    if (found !== undefined) return { value: found };
    if (typeof input === 'boolean' && (words as readonly string[]).includes(input ? 'on' : 'off')) {
      return { fault: { code: 'SCN_CHOICE', hint: `write ${input ? 'on' : 'off'}` } };
    }
    const near = typeof input === 'string' ? nearest(input, words) : null;
    return { fault: { code: 'SCN_CHOICE', hint: near === null ? undefined : `did you mean ${near}?` } };
  });
}

/** true or false. */
export function flag(doc: string): z.ZodType<boolean> {
  return field<boolean>({ doc, expected: 'true or false', unit: '', json: { type: 'boolean' } }, (input) => {
    if (typeof input === 'boolean') return { value: input };
    const meant = /^(yes|on|true)$/i.test(String(input))
      ? 'true'
      : /^(no|off|false)$/i.test(String(input))
        ? 'false'
        : null;
    return { fault: { code: 'SCN_TYPE', hint: meant === null ? undefined : `write ${meant}` } };
  });
}

/**
 * A version such as `3.3`, in quotes because YAML reads 3.10 as the number 3.1; a number that reads back as it was
 * written (3.3) is accepted.
 */
export function version(options: {
  readonly doc: string;
  readonly expected: string;
  readonly accepts: (version: string) => boolean;
  readonly hint: string;
  readonly examples: readonly string[];
}): z.ZodType<string> {
  const { doc, expected, accepts, hint, examples } = options;
  const json = { anyOf: [{ type: 'string' }, { type: 'number' }], examples };
  const meaning = { doc, expected, unit: '', json };
  VERSIONS.add(meaning);
  return field<string>(meaning, (input) => {
    if (typeof input !== 'string' && typeof input !== 'number') return { fault: { code: 'SCN_TYPE', hint } };
    const written = String(input).trim();
    return accepts(written) ? { value: written } : { fault: { code: 'SCN_VERSION', hint } };
  });
}

/** What the fields made by `version` mean. */
const VERSIONS = new WeakSet<FieldDoc>();

/** Whether a version is expected there. */
export function isVersion(schema: z.core.$ZodType): boolean {
  const doc = fieldDoc(schema);
  return doc !== null && VERSIONS.has(doc);
}

function isScalar(input: unknown): boolean {
  return typeof input === 'number' || typeof input === 'boolean';
}
