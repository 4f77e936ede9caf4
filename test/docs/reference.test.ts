import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentationPages, readPage } from '../../scripts/documented-commands.js';
import { cliPage, columnsPage } from '../../scripts/reference-pages.js';
import { scenarioJsonSchema, scenarioReference } from '../../src/scenario/index.js';

const root = new URL('../../', import.meta.url);
const committed = (path: string): string => readFileSync(new URL(path, root), 'utf8');

describe('pages made from the code are up to date (npm run reference)', () => {
  it('docs/reference/columns.md', () => expect(committed('docs/reference/columns.md')).toBe(columnsPage()));
  it('docs/reference/cli.md', () => expect(committed('docs/reference/cli.md')).toBe(cliPage()));
  it('docs/reference/scenario.md', () => expect(committed('docs/reference/scenario.md')).toBe(scenarioReference()));
  it('schema/scenario.schema.json', () => {
    expect(committed('schema/scenario.schema.json')).toBe(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  });
});

describe('links between pages', () => {
  it.each(documentationPages())('%s: every relative link leads somewhere', (page) => {
    const targets = [...readPage(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1]!);
    const dead = targets.filter(
      (target) => !/^[a-z]+:/.test(target) && !existsSync(new URL(join(dirname(page), target), root)),
    );
    expect(dead).toEqual([]);
  });
});
