import { field, named, type Schema } from '../../schema/index.js';

const RANGE_JSON = {
  type: 'object',
  properties: {
    from: { type: ['number', 'string'], description: 'First value, with its unit.' },
    to: { type: ['number', 'string'], description: 'Last value.' },
    step: { type: ['number', 'string'], description: 'Distance of the values; default 1 for whole numbers.' },
    steps: { type: 'integer', minimum: 2, description: 'Number of values, instead of step.' },
    scale: { enum: ['linear', 'log'], description: 'log: each value is the same multiple of the one before.' },
    values: { type: 'array', minItems: 1, description: 'The values, instead of a range.' },
    column: { type: 'string', description: 'Name of the column in the results.' },
  },
  additionalProperties: false,
};
const VALUES_JSON = { anyOf: [{ type: 'array', minItems: 1 }, RANGE_JSON] };

/** Values of one field. What is written here is read together with the rest of the grid, which knows the places. */
const factor = field<unknown>(
  {
    doc: 'Values of the field that the key names (a path as for --set): a list, or a range {from, to, step}, {from, to, steps, scale}.',
    expected: 'a list of values, or a range such as {from: 1, to: 8}',
    unit: '',
    json: VALUES_JSON,
  },
  (value) => ({ value }),
);

/** `sweep:` and what a search ranges over. */
export const gridSchema: Schema<Record<string, unknown>> = named(
  factor,
  'Values for fields of the scenario, by path, every one with every other. Fields under `zip` (a map of paths, or a list of such maps) change together.',
);
