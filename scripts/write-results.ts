/** `npm run results [-- NAME...]`: writes results/reference/, the committed output of every (named) scenario in scenarios/. */
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scenarioNames, writeReferenceResult } from './reference-results.js';

const reference = fileURLToPath(new URL('../results/reference', import.meta.url));
const names = scenarioNames();
for (const old of readdirSync(reference)) if (!names.includes(old)) rmSync(`${reference}/${old}`, { recursive: true });
const chosen = process.argv.slice(2);
for (const name of names) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  writeReferenceResult(name, `${reference}/${name}`);
  console.log(`results/reference/${name}`);
}
