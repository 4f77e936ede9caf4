import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scenarioNames, writeReferenceResult } from '../../scripts/reference-results.js';

const REFERENCE = new URL('../../results/reference/', import.meta.url);
const temporary = mkdtempSync(join(tmpdir(), 'gvlsim-results-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe('results/reference', () => {
  it('holds every scenario, and nothing else', () => {
    expect(readdirSync(REFERENCE).sort()).toEqual(scenarioNames());
  });

  it.each(scenarioNames())(
    '%s gives the committed tables again, byte for byte',
    (name) => {
      writeReferenceResult(name, join(temporary, name));
      for (const table of ['summary.csv', 'comparison.csv']) {
        const committed = readFileSync(new URL(`${name}/${table}`, REFERENCE), 'utf8');
        expect(readFileSync(join(temporary, name, table), 'utf8'), `${table}: npm run results`).toBe(committed);
      }
    },
    180_000,
  );
});
