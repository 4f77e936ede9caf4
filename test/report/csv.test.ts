import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { column, type Table } from '../../src/report/columns.js';
import { csvChunks } from '../../src/report/csv.js';
import { ndjsonChunks, rowAsObject } from '../../src/report/json.js';

const TABLE: Table = {
  name: 'test',
  title: 'Test',
  description: 'Test.',
  primaryKey: [],
  columns: [
    column('name', 'string', '', 'Name', 'A name.'),
    column('value_ms', 'number', 'ms', 'Value', 'A value.'),
    column('is_on', 'boolean', '', 'On', 'On.'),
  ],
};

describe('CSV', () => {
  it('is RFC 4180 with a header, line feeds and quotes where they are needed', () => {
    const rows = [
      ['plain', '1.5', 'true'],
      ['a, "b"\nc', '', 'false'],
    ];
    const text = [...csvChunks(TABLE, rows)].join('');
    expect(text).toBe('name,value_ms,is_on\nplain,1.5,true\n"a, ""b""\nc",,false\n');
    expect(parse(text)).toEqual([['name', 'value_ms', 'is_on'], ...rows]);
  });

  it('of a million rows is made in pieces of bounded size', () => {
    function* rows(): Generator<string[]> {
      for (let k = 0; k < 1_000_000; k++) yield ['row', String(k), 'true'];
    }
    let lines = 0;
    let largest = 0;
    for (const chunk of csvChunks(TABLE, rows())) {
      lines += chunk.split('\n').length - 1;
      largest = Math.max(largest, chunk.length);
    }
    expect(lines).toBe(1_000_001);
    expect(largest).toBeLessThan(64 * 1024);
  });
});

describe('JSON rows', () => {
  it('have the types of the columns and null for what is missing', () => {
    expect(rowAsObject(TABLE, ['1', '1.5', 'true'])).toEqual({ name: '1', value_ms: 1.5, is_on: true });
    expect(rowAsObject(TABLE, ['', '', ''])).toEqual({ name: null, value_ms: null, is_on: null });
    expect([...ndjsonChunks(TABLE, [['a', '2', 'false']])]).toEqual(['{"name":"a","value_ms":2,"is_on":false}\n']);
  });
});
