import { join } from 'node:path';
import type { OutputArgs } from '../arguments/options.js';
import { directoryName, type OutDirectory, openOutDirectory } from './out-directory.js';

/**
 * Does some work with the directory for the results: what --out names, which must be empty, or else a directory in results/
 * that bears the name of the scenario, where an earlier result of the same scenario is replaced; null with `--out -`. Its
 * temporary files are taken away at the end of the work, also if the process leaves in the middle of it.
 */
export async function withResultDirectory<T>(
  scenario: string,
  { out, force }: OutputArgs,
  work: (directory: OutDirectory | null) => Promise<T>,
): Promise<T> {
  if (out === '-') return work(null);
  const directory = openOutDirectory(out ?? join('results', directoryName(scenario)), {
    force,
    replaces: out === undefined ? scenario : null,
  });
  process.on('exit', directory.close);
  try {
    return await work(directory);
  } finally {
    directory.close();
    process.off('exit', directory.close);
  }
}
