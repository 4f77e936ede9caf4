/** The few combinators of zod that other rooms need, so that zod enters the project through this room alone. */
import * as z from 'zod';

/** A schema whose parsed value is a `T`. */
export type Schema<T> = z.ZodType<T>;
/** The parsed value of a schema. */
export type ValueOf<S extends z.ZodType> = z.output<S>;

/** The key may be left out; its value is then undefined. */
export function optional<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.optional();
}

/** The value taken when the key is left out, written as in a file: `preset(duration(...), '5ms')`. */
export function preset<T>(schema: z.ZodType<T>, written: unknown): z.ZodType<T> {
  return schema.prefault(written as never) as unknown as z.ZodType<T>;
}

/** A list with at least one item. */
export function list<T>(schema: z.ZodType<T>, doc: string): z.ZodType<T[]> {
  return z.array(schema).min(1).describe(doc) as unknown as z.ZodType<T[]>;
}

/** A map with free keys. */
export function named<T>(schema: z.ZodType<T>, doc: string): z.ZodType<Record<string, T>> {
  return z.record(z.string(), schema).describe(doc) as unknown as z.ZodType<Record<string, T>>;
}

/** Two ways to write a value, told apart by their type: text (or a number), or a map (or list). */
export function textOr<A, B>(short: z.ZodType<A>, long: z.ZodType<B>): z.ZodType<A | B> {
  return z.union([short, long]);
}

/** One of them, or a list of them. */
export function orList<T>(schema: z.ZodType<T>, doc: string): z.ZodType<T | T[]> {
  return z.union([schema, list(schema, doc)]);
}

/** Written once in the JSON Schema, under this name, however often it is used. */
export function shared<T>(name: string, schema: z.ZodType<T>): z.ZodType<T> {
  return schema.meta({ id: name });
}

/** The same schema with what it means here. */
export function described<T>(doc: string, schema: z.ZodType<T>): z.ZodType<T> {
  return schema.describe(doc);
}
