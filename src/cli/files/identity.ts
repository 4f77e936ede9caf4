import { createHash } from 'node:crypto';
import { gvlsimVersion } from '../version.js';

/** Everything that decides the bytes of a result, by what to call it. Two with the same belong together. */
export type Identity = Readonly<Record<string, string>>;

/**
 * What is the same for every kind of work.
 *
 * @param resolved the scenario with every default written out
 * @param files texts that the scenario names, by path
 */
export function identityOf(resolved: unknown, files: ReadonlyMap<string, string>): Identity {
  const names = [...files.keys()].sort();
  return {
    'gvlsim version': gvlsimVersion(),
    scenario: digest(JSON.stringify(resolved)),
    'data files': digest(JSON.stringify(names.map((name) => digest(files.get(name)!)))),
  };
}

/** What is different, in words. */
export function differences(one: Identity, other: Identity): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => one[key] !== other[key]);
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
