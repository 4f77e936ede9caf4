import { describe, expect, it } from 'vitest';
import {
  combination,
  count,
  duration,
  type Finding,
  findings,
  list,
  oneKey,
  optional,
  preset,
  record,
  type Schema,
  textOr,
  toJsonSchema,
  withDefaults,
} from '../../src/schema/index.js';

const n = count({ doc: 'a number', min: 1 });
const server = oneKey(
  'a server',
  {
    small: record('small', { threads: preset(n, 3) }),
    large: record('large', { threads: n, more: optional(n) }),
  },
  { planned: ['huge'] },
);

function faults(schema: Schema<unknown>, input: unknown): string[] {
  const result = schema.safeParse(input);
  return result.success ? [] : findings(schema, result.error, input).map(short);
}

function short({ path, code, message }: Finding): string {
  return `${path.join('.')} ${code} ${message}`;
}

describe('a one-key map', () => {
  it('says which key, and what is under it', () => {
    expect(server.parse({ small: {} })).toEqual({ kind: 'small', value: { threads: 3 } });
  });

  it('has one key', () => {
    expect(faults(server, {})).toEqual([' SCN_ONE_KEY expected exactly one of small, large; received none']);
    expect(faults(server, { small: {}, large: { threads: 1 } })).toEqual([
      ' SCN_ONE_KEY expected exactly one of small, large; received small, large',
    ]);
  });

  it('knows what is to come', () => {
    expect(faults(server, { huge: {} })).toEqual(['huge SCN_NOT_SUPPORTED not supported yet: huge']);
  });
});

describe('a map that is written short or long', () => {
  const either = textOr(duration({ doc: 'a time' }), record('a range', { from: duration({ doc: 'from' }) }));

  it('complains in the words of the form that was chosen', () => {
    expect(faults(either, '5 parsecs')).toEqual([
      ' SCN_UNIT expected a duration with its unit such as 250ms or 1m30s, received the text "5 parsecs"',
    ]);
    expect(faults(either, { form: '5ms' })).toEqual([
      'from SCN_REQUIRED required: a duration with its unit such as 250ms or 1m30s',
      'form SCN_UNKNOWN_KEY unknown key; did you mean "from"?',
    ]);
    expect(faults(either, [])).toEqual([
      ' SCN_TYPE expected a duration with its unit such as 250ms or 1m30s or a map with the keys from, received an empty list',
    ]);
  });
});

describe('keys that go together', () => {
  const figures = combination('figures', { mean: n, cv: n, p95: n }, [
    ['mean', 'cv'],
    ['mean', 'p95'],
  ]);

  it('are taken in one of the combinations only', () => {
    expect(figures.parse({ mean: 1, p95: 3 })).toEqual({ mean: 1, p95: 3 });
    expect(faults(figures, { cv: 1, p95: 3 })).toEqual([
      ' SCN_COMBINATION expected mean + cv, or mean + p95; received cv + p95',
    ]);
  });
});

describe('defaults', () => {
  const schema = record('all', {
    a: preset(n, 7),
    server: preset(server, { small: {} }),
    items: list(record('item', { b: preset(n, 1) }), 'items'),
  });

  it('are written out as they would be written by hand, in the order of the schema', () => {
    expect(JSON.stringify(withDefaults(schema, { items: [{}, { b: 2 }] }))).toBe(
      '{"a":7,"server":{"small":{"threads":3}},"items":[{"b":1},{"b":2}]}',
    );
  });

  it('and ranges and docs are in the JSON Schema', () => {
    expect(toJsonSchema(schema)).toMatchObject({
      additionalProperties: false,
      required: ['items'],
      properties: {
        a: { type: 'integer', minimum: 1, default: 7, description: 'a number' },
        server: { minProperties: 1, maxProperties: 1, default: { small: {} } },
        items: { type: 'array', minItems: 1 },
      },
    });
  });
});
