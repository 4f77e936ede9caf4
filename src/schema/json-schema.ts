import * as z from 'zod';
import { DOCS } from './field.js';
import { MAP_JSON } from './record.js';

export type JsonSchema = { [key: string]: unknown };

/** JSON Schema (draft-07, what may be written) of a schema made with these helpers. */
export function toJsonSchema(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: 'draft-07',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const doc = DOCS.get(zodSchema);
      if (doc !== undefined) Object.assign(jsonSchema, { description: describe(doc.doc, doc.unit) }, doc.json);
      const map = MAP_JSON.get(zodSchema);
      if (map !== undefined) Object.assign(jsonSchema, map);
    },
  }) as JsonSchema;
}

function describe(doc: string, unit: string): string {
  return unit === '' || unit === 'ns' ? doc : `${doc} [${unit}]`;
}
