/**
 * Writes what is made from the definition of the scenario language: schema/scenario.schema.json for editors and
 * docs/reference/scenario.md for readers. Run with `npx tsx scripts/write-schema.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema, scenarioReference } from '../src/scenario/index.js';

function write(path: string, text: string): void {
  const file = new URL(`../${path}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}

write('schema/scenario.schema.json', `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
write('docs/reference/scenario.md', scenarioReference());
