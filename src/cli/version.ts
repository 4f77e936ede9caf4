import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.js';

let cached: string | null = null;

/** Version of this package. */
export function gvlsimVersion(): string {
  if (cached === null) {
    const text = readFileSync(packageFile('package.json'), 'utf8');
    cached = (JSON.parse(text) as { version: string }).version;
  }
  return cached;
}
