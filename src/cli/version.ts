import { readFileSync } from 'node:fs';

let cached: string | null = null;

/** Version of this package. */
export function gvlsimVersion(): string {
  if (cached === null) {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    cached = (JSON.parse(text) as { version: string }).version;
  }
  return cached;
}
