/** Writes schema/scenario.schema.json from the definition of the scenario language. Run with `npx tsx scripts/write-schema.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../src/scenario/index.js';

const file = new URL('../schema/scenario.schema.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
