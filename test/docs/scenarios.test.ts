import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf, documentationPages, readPage } from '../../scripts/documented-commands.js';
import { formatProblems, loadScenario } from '../../src/scenario/index.js';

/** What a fragment is laid over, so that it can be read like a file of its own. */
const BASE = `
version: 1
name: base
host: {cores: 4}
server: {puma: {version: "6.6", workers: 2, threads: 5}}
app: {classes: [{name: page, cpu: 20ms}]}
load: {open: {rate: 10/s}}
`;

const RECORDED =
  'id,arrival_ms,class,phases,cpu_ms,io_ms,run_ms,wait_ms\n1,0,page,c10;i5,10,5,10,5\n2,30,page,c20,20,5,10,5\n';

function problemsOf(text: string): string {
  const source = { file: 'page.yml', text: /^version:/m.test(text) ? text : `version: 1\nextends: base.yml\n${text}` };
  const readText = (path: string): string => (path.endsWith('base.yml') ? BASE : RECORDED);
  return formatProblems(loadScenario(source, { readText }).problems);
}

describe('scenarios shown in the documentation', () => {
  for (const page of documentationPages()) {
    const blocks = blocksOf(readPage(page)).filter(({ language }) => language === 'yaml');
    for (const { text, line } of blocks) {
      it(`${page}:${line} is valid`, () => expect(problemsOf(text)).toBe(''));
    }
  }
});

describe('scenarios/', () => {
  const folder = new URL('../../scenarios/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yml'))) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    it(`${file} is valid, and named like its file`, () => {
      expect(problemsOf(text)).toBe('');
      expect(text).toContain(`\nname: ${file.slice(0, -'.yml'.length)}\n`);
    });
    it(`${file} tells editors its schema and readers what to look at`, () => {
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/scenario.schema.json');
      expect(text).toContain('\n# What to look at\n');
    });
  }
});
