import { type JsonSchema, toJsonSchema } from '../../schema/index.js';
import { scenarioSchema, VARIANT_KEYS } from '../schema/index.js';

/**
 * JSON Schema (draft-07) of a scenario file, for editors. Only `version` is required: the rest of a file may come from
 * the one it extends, or from its variants.
 */
export function scenarioJsonSchema(): JsonSchema {
  const schema = toJsonSchema(scenarioSchema());
  const properties = schema.properties as Record<string, JsonSchema>;
  const overridable = VARIANT_KEYS.filter((key) => properties[key] !== undefined);
  const variant: JsonSchema = {
    type: ['object', 'null'],
    description: 'Overrides of this variant, merged into the rest of the file.',
    properties: Object.fromEntries(overridable.map((key) => [key, optionalAll(properties[key]!)])),
    additionalProperties: false,
  };
  const { $schema, ...rest } = schema;
  return {
    $schema,
    title: 'gvlsim scenario',
    ...rest,
    required: ['version'],
    properties: {
      ...properties,
      variants: { ...properties.variants, minProperties: 1, additionalProperties: variant },
    },
  };
}

/** The same schema with no key required, down to where values are replaced as a whole. */
function optionalAll(schema: JsonSchema): JsonSchema {
  const { required: _, ...rest } = schema;
  if (rest.properties === undefined) return rest;
  const properties = Object.entries(rest.properties as Record<string, JsonSchema>);
  return { ...rest, properties: Object.fromEntries(properties.map(([key, inner]) => [key, optionalAll(inner)])) };
}
