import { describe, expect, it } from 'vitest';
import { dataPackage } from '../../src/report/outputs/data-package.js';
import { histogramNames } from '../../src/report/result-files.js';
import { COMPARISON, REQUESTS, SUMMARY, TABLES } from '../../src/report/tables.js';

const names = (table: { columns: readonly { name: string }[] }): string =>
  table.columns.map(({ name }) => name).join(',');

describe('tables', () => {
  it('have the columns that others rely on, in their order', () => {
    expect(names(SUMMARY)).toBe('scenario,variant,class,metric,statistic,n,estimate,ci_low,ci_high,ci_level,method');
    expect(names(COMPARISON)).toBe(
      'scenario,baseline,variant,class,metric,statistic,difference,ci_low,ci_high,ratio,ratio_ci_low,ratio_ci_high,ci_level,method,verdict,pairing_gain',
    );
    expect(names(REQUESTS)).toMatch(
      /^variant,replication,request_id,class,worker,thread,arrival_s,backlog_ms,queue_ms,run_ms,io_ms,gvl_wait_ms,cpu_wait_ms,gc_ms,service_ms,latency_ms,status,/,
    );
  });

  it('explain every column, and name its unit if the column name ends in one', () => {
    for (const { columns, name } of TABLES) {
      expect(new Set(columns.map((column) => column.name)).size).toBe(columns.length);
      for (const column of columns) {
        expect(column.name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(column.title, `${name}.${column.name}`).not.toBe('');
        expect(column.description, `${name}.${column.name}`).toMatch(/\.$/);
        if (column.name.endsWith('_ms')) expect(column.unit).toBe('ms');
        if (column.name.endsWith('_per_s')) expect(column.unit).toBe('1/s');
        else if (column.name.endsWith('_s')) expect(column.unit).toBe('s');
      }
    }
  });

  it('have keys made of their columns', () => {
    for (const { columns, primaryKey } of TABLES) {
      for (const key of primaryKey) expect(columns.map(({ name }) => name)).toContain(key);
    }
  });
});

describe('data package', () => {
  it('is a data dictionary in the form of Frictionless', () => {
    const content = JSON.parse(dataPackage('My shop', 'text', [{ path: 'requests.csv', table: REQUESTS }]));
    expect(content).toMatchObject({ profile: 'tabular-data-package', name: 'my-shop' });
    const [resource] = content.resources;
    expect(resource).toMatchObject({ path: 'requests.csv', encoding: 'utf-8', schema: { missingValues: [''] } });
    expect(resource.schema.fields.find((field: { name: string }) => field.name === 'run_ms')).toMatchObject({
      type: 'number',
      unit: 'ms',
      title: 'Run time',
      description: expect.stringContaining('[ms]'),
    });
  });
});

describe('names of histogram files', () => {
  it('are one for each variant, fit for any file system', () => {
    expect([...histogramNames(['shop'])]).toEqual([['shop', 'latency.hgrm']]);
    expect([...histogramNames(['puma 4/3', 'puma_4_3', 'PUMA_4_3']).values()]).toEqual([
      'latency-puma_4_3.hgrm',
      'latency-puma_4_3-2.hgrm',
      'latency-PUMA_4_3-3.hgrm',
    ]);
  });
});
