import * as z from 'zod';

/** How a map in a variant (or an extending file) combines with the one it overrides. */
export interface MapRules {
  /**
   * `deep`: key by key. `choice`: key by key when both make the same choice, else replaced. `whole`: replaced.
   */
  readonly merge: 'deep' | 'choice' | 'whole';
  /** Groups of keys that exclude each other: an override that states one takes the others away. */
  readonly exclusive: readonly (readonly string[])[];
  /** Words that are understood but not supported yet. */
  readonly planned: readonly string[];
  /** Has exactly one of its keys. */
  readonly isChoice: boolean;
}

export const MAP_RULES: z.core.$ZodRegistry<MapRules> = z.registry<MapRules>();
const DEEP: MapRules = { merge: 'deep', exclusive: [], planned: [], isChoice: false };

/** Additions to the JSON Schema of a map that cannot be told from its keys. */
export const MAP_JSON: z.core.$ZodRegistry<Readonly<Record<string, unknown>>> = z.registry();

/** A map with known keys; any other key is an error. */
export function record<S extends z.ZodRawShape>(
  doc: string,
  shape: S,
  rules: Partial<MapRules> = {},
): z.ZodObject<S, z.core.$strict> {
  const schema = z.strictObject(shape).describe(doc);
  MAP_RULES.add(schema, { ...DEEP, ...rules });
  return schema as z.ZodObject<S, z.core.$strict>;
}

/** What a one-key map says: which key, and the value under it. */
export type Choice<S extends Record<string, z.ZodType>> = {
  [K in keyof S & string]: { readonly kind: K; readonly value: z.output<S[K]> };
}[keyof S & string];

/** A choice with its details, written as a map with exactly one key: `server: {puma: {workers: 2}}`. */
export function oneKey<S extends Record<string, z.ZodType>>(
  doc: string,
  choices: S,
  rules: Partial<MapRules> = {},
): z.ZodType<Choice<S>> {
  const shape = Object.fromEntries(Object.entries(choices).map(([key, schema]) => [key, schema.optional()]));
  const names = Object.keys(choices);
  const map = record(doc, shape, { merge: 'choice', isChoice: true, ...rules });
  MAP_JSON.add(map, { minProperties: 1, maxProperties: 1 });
  return map.transform((value, context) => {
    if (context.issues.length > 0) return z.NEVER; // an unknown key has been reported
    const given = names.filter((name) => value[name] !== undefined);
    if (given.length === 1) return { kind: given[0]!, value: value[given[0]!] } as Choice<S>;
    const received = given.length === 0 ? 'none' : given.join(', ');
    context.addIssue({
      code: 'custom',
      params: { code: 'SCN_ONE_KEY', message: `expected exactly one of ${names.join(', ')}; received ${received}` },
    });
    return z.NEVER;
  });
}

/**
 * A map of optional keys of which certain combinations make sense, e.g. mean with cv, or p50 with p95.
 * The value has the keys that were given.
 *
 * @param always keys with a default, which go with every combination
 */
export function combination<S extends Record<string, z.ZodType>>(
  doc: string,
  fields: S,
  combinations: readonly (readonly (keyof S & string)[])[],
  always: readonly (keyof S & string)[] = [],
): z.ZodType<{ readonly [K in keyof S]?: z.output<S[K]> }> {
  const shape = Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, schema.optional()]));
  const map = record(doc, shape, { merge: 'whole' });
  MAP_JSON.add(map, { anyOf: combinations.map((keys) => ({ required: keys })) });
  return map.transform((value, context) => {
    if (context.issues.length > 0) return z.NEVER; // an unknown key has been reported
    const given = Object.keys(value).filter((key) => value[key] !== undefined && !always.includes(key));
    const fits = combinations.some((keys) => keys.length === given.length && keys.every((key) => given.includes(key)));
    if (!fits) {
      const expected = combinations.map((keys) => keys.join(' + ')).join(', or ');
      const received = given.length === 0 ? 'none' : given.join(' + ');
      context.addIssue({
        code: 'custom',
        params: { code: 'SCN_COMBINATION', message: `expected ${expected}; received ${received}` },
      });
      return z.NEVER;
    }
    return value as { readonly [K in keyof S]?: z.output<S[K]> };
  });
}
