/** `npm run results`: writes results/reference/, the committed output of every scenario in scenarios/. */
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarioNames, writeReferenceResult } from './reference-results.js';

const reference = fileURLToPath(new URL('../results/reference', import.meta.url));
const names = scenarioNames();
for (const old of readdirSync(reference)) if (!names.includes(old)) rmSync(`${reference}/${old}`, { recursive: true });
for (const name of names) {
  writeReferenceResult(name, `${reference}/${name}`);
  console.log(`results/reference/${name}`);
}
