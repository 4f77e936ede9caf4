import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { UntestedClaim } from '../../experiment/claims/spec.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { loadUntestedClaims } from '../../scenario/index.js';
import type { Problem } from '../../schema/index.js';
import { CliError, fileError } from '../cli-error.js';
import { readSource } from '../files/read-source.js';
import { loadExperiment, type ScenarioRequest } from '../load.js';
import { packageFile } from '../package-file.js';

/** List of the claims that are not simulated. */
const UNTESTED = 'not-simulated.yml';

/** A claim that can be put to the test. */
export interface ClaimFile {
  readonly id: string;
  /** Name of the file in its folder. */
  readonly name: string;
  readonly request: ScenarioRequest;
  readonly experiment: ExperimentSpec;
}

export interface ClaimFolder {
  readonly files: readonly ClaimFile[];
  readonly untested: readonly UntestedClaim[];
  readonly problems: readonly Problem[];
}

/** The folder that comes with the package. */
export function ownClaims(): string {
  return packageFile('claims');
}

/**
 * Reads the claims of a folder, by number. Files are named after their claim (`T21-...yml`), so those that are not asked
 * for are not read.
 *
 * @param ids numbers; all claims if empty
 * @throws CliError for a folder that cannot be read and for a number that no claim has
 */
export function readClaims(folder: string, ids: readonly string[]): ClaimFolder {
  const wanted = new Set(ids.map((id) => id.toUpperCase()));
  const isWanted = (id: string): boolean => wanted.size === 0 || wanted.has(id);
  const problems: Problem[] = [];
  const files: ClaimFile[] = [];
  for (const name of scenarioFiles(folder).filter((file) => isWanted(idOfFile(file)))) {
    const request = { source: readSource(join(folder, name)), set: [], overrides: {} };
    const loaded = loadExperiment(request);
    problems.push(...loaded.problems);
    if (loaded.experiment === null) continue;
    const id = loaded.experiment.claim?.id;
    if (id !== idOfFile(name))
      throw new CliError(`${join(folder, name)} states ${id ?? 'no claim'}, not ${idOfFile(name)}`);
    files.push({ id, name, request, experiment: loaded.experiment });
  }
  const list = join(folder, UNTESTED);
  const others = existsSync(list) ? loadUntestedClaims(readSource(list)) : { claims: [], problems: [] };
  problems.push(...others.problems);
  const untested = others.claims.filter(({ id }) => isWanted(id));
  const known = new Set([...files, ...untested].map(({ id }) => id));
  const missing = [...wanted].filter((id) => !known.has(id));
  if (missing.length > 0 && problems.length === 0) {
    throw new CliError(`no claim has the number ${missing.join(', ')}`, 'gvlsim claims --help');
  }
  return { files, untested, problems };
}

function scenarioFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[A-Z]\d\d\b.*\.ya?ml$/.test(name))
      .sort();
  } catch (error) {
    throw fileError(error, `read ${folder}`);
  }
}

function idOfFile(name: string): string {
  return name.slice(0, 3);
}
