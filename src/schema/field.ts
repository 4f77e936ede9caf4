import * as z from 'zod';
import type { Code } from './codes.js';

/** What a field means: one definition for messages, the JSON Schema and the reference page. */
export interface FieldDoc {
  /** Meaning, in a sentence. */
  readonly doc: string;
  /** What is expected, as in "expected ...": `a duration with its unit such as 250ms`. */
  readonly expected: string;
  /** Unit of the parsed value (`ns`, `bytes`, `1/s`), empty for none. */
  readonly unit: string;
  /** JSON Schema (draft-07) of what may be written. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Why a value cannot be used. */
export interface Fault {
  readonly code: Code;
  /** Overrides the field's own `expected`. */
  readonly expected?: string;
  /** One sentence instead of "expected ..., received ...". */
  readonly message?: string;
  readonly hint?: string;
}

/** Result of reading one value: what it means, or why it cannot be used. */
export type Reading<T> = { readonly value: T } | { readonly fault: Fault };

export const DOCS: z.core.$ZodRegistry<FieldDoc> = z.registry<FieldDoc>();

/**
 * A leaf of the scenario: reads a plain value (text, number, true or false) and says in its own words what is wrong.
 * A missing value is a fault too; make the field optional or give it a default with `prefault`.
 */
export function field<T>(doc: FieldDoc, read: (input: unknown) => Reading<T>): z.ZodType<T> {
  const schema = z.unknown().transform((input, context): T => {
    const reading = input === undefined ? { fault: missing(doc) } : read(input);
    if ('value' in reading) return reading.value;
    context.addIssue({ code: 'custom', params: { expected: doc.expected, ...reading.fault } });
    return z.NEVER;
  });
  DOCS.add(schema, doc);
  return schema;
}

function missing(doc: FieldDoc): Fault {
  return { code: 'SCN_REQUIRED', message: `required: ${doc.expected}` };
}
