import * as z from 'zod';
import { DOCS, type FieldDoc } from './field.js';
import { MAP_RULES, type MapRules } from './record.js';

type Schema = z.core.$ZodType;

/** The schema under optional, default, transform and the like; for a field made by `field`, the field itself. */
export function bare(schema: Schema): Schema {
  for (let at: Schema = schema; ; ) {
    if (DOCS.has(at)) return at;
    if (
      at instanceof z.ZodOptional ||
      at instanceof z.ZodPrefault ||
      at instanceof z.ZodDefault ||
      at instanceof z.ZodNullable
    )
      at = at.def.innerType;
    else if (at instanceof z.ZodPipe) at = at.def.in;
    else return at;
  }
}

/** What the field means, or null for maps, lists and unions. */
export function fieldDoc(schema: Schema): FieldDoc | null {
  return DOCS.get(bare(schema)) ?? null;
}

/** The members of a union, or the schema itself. */
export function branches(schema: Schema): readonly Schema[] {
  const at = bare(schema);
  return at instanceof z.ZodUnion ? at.def.options.flatMap(branches) : [at];
}

/** The map among the branches, or null. */
export function asMap(schema: Schema): z.ZodObject | null {
  for (const branch of branches(schema)) if (branch instanceof z.ZodObject) return branch;
  return null;
}

export function mapRules(schema: Schema | null): MapRules {
  const map = schema === null ? null : asMap(schema);
  return (map && MAP_RULES.get(map)) ?? { merge: 'deep', exclusive: [], planned: [], isChoice: false };
}

/** Schema of the value under a key or index; null where the schema knows nothing of it. */
export function child(schema: Schema | null, key: PropertyKey): Schema | null {
  if (schema === null) return null;
  for (const branch of branches(schema)) {
    if (branch instanceof z.ZodObject && Object.hasOwn(branch.def.shape, key)) return branch.def.shape[String(key)]!;
    if (branch instanceof z.ZodRecord) return branch.def.valueType;
    if (branch instanceof z.ZodArray && typeof key === 'number') return branch.def.element;
  }
  return null;
}

/** What a schema says of itself, or the one that it makes optional. */
export function descriptionOf(schema: Schema): string | undefined {
  const { description } = schema as z.ZodType;
  if (description !== undefined) return description;
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault;
  return isWrapped ? descriptionOf(schema.def.innerType) : undefined;
}

/** Schema of the items of a list; null for anything else. */
export function itemOf(schema: Schema): Schema | null {
  const at = bare(schema);
  return at instanceof z.ZodArray ? at.def.element : null;
}

/** Whether it is a map with free keys. */
export function isFree(schema: Schema): boolean {
  return branches(schema).some((branch) => branch instanceof z.ZodRecord);
}

/** A key so many maps below the file is found; what is deeper is of no help. */
const DEEPEST = 3;

/** Where a map has the key, as paths from the schema on, nearest first; empty if it is in more than `most` places of that depth. */
export function placesOf(schema: Schema, key: string, most: number): string[] {
  let level: readonly Place[] = [{ at: schema, path: '' }];
  for (let depth = 0; depth < DEEPEST; depth++) {
    const found = level.filter(({ at }) => asMap(at)?.def.shape[key] !== undefined);
    if (found.length > 0) return found.length > most ? [] : found.map(({ path }) => joined(path, key));
    level = level.flatMap(below);
  }
  return [];
}

interface Place {
  readonly at: Schema;
  readonly path: string;
}

/** The maps in a map, and those that are items of a list in it. */
function below({ at, path }: Place): Place[] {
  return Object.entries(asMap(at)?.def.shape ?? {}).flatMap(([name, inner]) => [
    { at: inner as Schema, path: joined(path, name) },
    ...branches(inner as Schema)
      .flatMap((branch) => itemOf(branch) ?? [])
      .map((item) => ({ at: item, path: `${joined(path, name)}[]` })),
  ]);
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** Schema at a path below `schema`; null where there is none. */
export function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | null {
  let at: Schema | null = schema;
  for (const key of path) at = child(at, key);
  return at;
}

/** The default a key takes when it is not written, as it would be written; undefined for none. */
export function writtenDefault(schema: Schema): unknown {
  for (let at: Schema = schema; ; ) {
    if (at instanceof z.ZodPrefault) return at.def.defaultValue;
    if (at instanceof z.ZodPipe && !DOCS.has(at)) at = at.def.in;
    else return undefined;
  }
}

/** The written value with every default of the schema written out, keys in the order of the schema. */
export function withDefaults(schema: Schema, written: unknown): unknown {
  const value = written === undefined ? writtenDefault(schema) : written;
  if (Array.isArray(value)) return value.map((item, k) => withDefaultsOf(child(schema, k), item));
  if (typeof value !== 'object' || value === null) return value;
  const given = value as Record<string, unknown>;
  const map = asMap(schema);
  const keys = map === null ? Object.keys(given) : Object.keys(map.def.shape);
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    const inner = withDefaultsOf(child(schema, key), given[key]);
    if (inner !== undefined) result[key] = inner;
  }
  return result;
}

function withDefaultsOf(schema: Schema | null, value: unknown): unknown {
  return schema === null ? value : withDefaults(schema, value);
}
