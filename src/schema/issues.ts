import type * as z from 'zod';
import type { Code } from './codes.js';
import { alternatives, describeValue } from './describe.js';
import { nearest, synonym } from './suggest.js';
import { asMap, branches, fieldDoc, isFree, mapRules, placesOf, schemaAt } from './walk.js';

/** A problem before it has a place in a file. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** Whether the key (unknown, not supported) or the value under it is at fault. */
  readonly at: 'key' | 'value';
  readonly code: Code;
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Everything zod found wrong with `input`, in the words of the schema's own fields. */
export function findings(schema: z.core.$ZodType, error: z.core.$ZodError, input: unknown): Finding[] {
  return error.issues.flatMap((issue) => fromIssue(schema, issue, input, []));
}

type Issue = z.core.$ZodIssue;

function fromIssue(schema: z.core.$ZodType, issue: Issue, input: unknown, prefix: readonly PropertyKey[]): Finding[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(schema, path, key));
  if (issue.code === 'invalid_union') return fromUnion(schema, issue.errors, input, path);
  const received = describeValue(valueAt(input, path));
  if (issue.code === 'custom') return [fromFault(path, issue.params ?? {}, received)];
  if (issue.code === 'too_small') {
    const message = `expected at least one item, received ${received}`;
    return [{ path, at: 'value', code: 'SCN_RANGE', message, expected: 'at least one item', received, hint: '' }];
  }
  const here = schemaAt(schema, path);
  const expected = here === null ? issue.message : expectation(here);
  const isMissing = valueAt(input, path) === undefined;
  return [
    {
      path,
      at: 'value',
      code: isMissing ? 'SCN_REQUIRED' : 'SCN_TYPE',
      message: isMissing ? `required: ${expected}` : `expected ${expected}, received ${received}`,
      expected,
      received,
      hint: isMissing ? '' : choiceHint(here, valueAt(input, path)),
    },
  ];
}

/** `server: puma` means the map with that key. */
function choiceHint(schema: z.core.$ZodType | null, value: unknown): string {
  const map = schema === null ? null : asMap(schema);
  const isChoice = map !== null && mapRules(map).isChoice && typeof value === 'string';
  return isChoice && Object.hasOwn(map.def.shape, value) ? `write {${value}: {...}}` : '';
}

function fromFault(path: readonly PropertyKey[], params: Record<string, unknown>, received: string): Finding {
  const expected = String(params.expected ?? '');
  const message = String(params.message ?? `expected ${expected}, received ${received}`);
  const at = params.at === 'key' ? 'key' : 'value';
  return { path, at, code: params.code as Code, message, expected, received, hint: String(params.hint ?? '') };
}

/** A key that stands in more places says nothing of which one is meant. */
const MOST_PLACES = 3;

function unknownKey(schema: z.core.$ZodType, path: readonly PropertyKey[], key: string): Finding {
  const here = schemaAt(schema, path);
  const map = here === null ? null : asMap(here);
  const known = map === null ? [] : Object.keys(map.def.shape);
  const base = {
    path: [...path, key],
    at: 'key',
    expected: `one of ${alternatives(known)}`,
    received: `the key "${key}"`,
  } as const;
  if (mapRules(here).planned.includes(key)) {
    return {
      ...base,
      code: 'SCN_NOT_SUPPORTED',
      message: `not supported yet: ${key}`,
      hint: `supported here: ${known.join(', ')}`,
    };
  }
  const near = nearest(key, known) ?? synonym(key, known);
  const suggestion = near === null ? '' : `; did you mean "${near}"?`;
  const places = near === null ? placesOf(schema, key, MOST_PLACES) : [];
  const elsewhere = places.length === 0 ? '' : ` here; there is ${alternatives(places)}`;
  return {
    ...base,
    code: 'SCN_UNKNOWN_KEY',
    message: `unknown key${suggestion}${elsewhere}`,
    hint: `allowed: ${known.join(', ')}`,
  };
}

/**
 * A union fails in every branch; only the branches that accept this type of value have something useful to say.
 * When none does, the value is of none of the types.
 */
function fromUnion(
  schema: z.core.$ZodType,
  errors: readonly (readonly Issue[])[],
  input: unknown,
  path: readonly PropertyKey[],
): Finding[] {
  const fitting = errors.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && isTypeMismatch(issue, valueAt(input, path))),
  );
  if (fitting.length === 1) return fitting[0]!.flatMap((issue) => fromIssue(schema, issue, input, path));
  const here = schemaAt(schema, path);
  const expected = here === null ? 'another value' : expectation(here);
  const value = valueAt(input, path);
  const received = describeValue(value);
  const hints = errors.flat().map((issue) => (issue.code === 'custom' ? String(issue.params?.hint ?? '') : ''));
  const code = value === undefined ? 'SCN_REQUIRED' : 'SCN_TYPE';
  const message = value === undefined ? `required: ${expected}` : `expected ${expected}, received ${received}`;
  return [{ path, at: 'value', code, message, expected, received, hint: hints.find((hint) => hint !== '') ?? '' }];
}

/** Whether an issue at the root of a branch says that the value is of another type altogether. */
function isTypeMismatch(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_type') return true;
  if (issue.code === 'invalid_union') {
    return issue.errors.every((inner) => inner.some((i) => i.path.length === 0 && isTypeMismatch(i, value)));
  }
  return issue.code === 'custom' && typeof value !== 'string' && typeof value !== 'number' && !isMapFault(issue);
}

function isMapFault(issue: z.core.$ZodIssueCustom): boolean {
  return issue.params?.code === 'SCN_ONE_KEY' || issue.params?.code === 'SCN_COMBINATION';
}

/** What a schema accepts, in words. */
function expectation(schema: z.core.$ZodType): string {
  return alternatives(branches(schema).map(expectationOfBranch));
}

function expectationOfBranch(schema: z.core.$ZodType): string {
  const doc = fieldDoc(schema);
  if (doc !== null) return doc.expected;
  const map = asMap(schema);
  if (map === null) return isFree(schema) ? 'a map of names' : 'a list';
  const keys = Object.keys(map.def.shape);
  return mapRules(map).isChoice
    ? `a map with one of the keys ${keys.join(', ')}`
    : `a map with the keys ${keys.join(', ')}`;
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let at = input;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}
