import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, fileError } from '../cli-error.js';
import { type Lock, takeLock } from './lock.js';
import { existingEntries, makeDirectory, readManifest, requireReplaceable } from './out-directory.js';

/** Work that can be gone on with after it was stopped. */
export interface ResumableWork {
  /** What it is called, e.g. `sweep`. What is not finished lies in a folder of this name behind a dot. */
  readonly noun: string;
  readonly scenario: string;
}

export interface ResumableRules {
  readonly force: boolean;
  readonly resume: boolean;
  /** The directory was named by the user. */
  readonly out?: string;
}

/** Folder in the result directory that holds what is not finished. */
export function stateFolder(directory: string, noun: string): string {
  return join(directory, `.${noun}`);
}

/** The file in it to which finished replications are added. */
export function journalPath(directory: string, noun: string): string {
  return join(stateFolder(directory, noun), 'journal');
}

/** There is something to go on with. */
export function isUnfinished(directory: string, noun: string): boolean {
  return (statSync(journalPath(directory, noun), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** A directory that is this process's alone. */
export interface Claim extends Lock {
  /** Takes away the files that an earlier attempt has written. Only once it is sure that this work goes on. */
  clear(): void;
}

/**
 * Takes the directory of some work: what is unfinished stays where it is wanted. Files of an earlier result stay until
 * `clear`.
 *
 * @throws CliError if the directory cannot be used, or another process is at work in it
 */
export function claimDirectory(path: string, { noun, scenario }: ResumableWork, rules: ResumableRules): Claim {
  const { force, resume, out } = rules;
  if (path === '-') throw new CliError(`a ${noun} needs a directory, to be gone on with`, '--out names one');
  const state = stateFolder(path, noun);
  let lock: Lock | null = null;
  try {
    const entries = existingEntries(path);
    const manifest = readManifest(join(path, 'manifest.json'));
    const isBegun = existsSync(state);
    if (!isBegun) {
      // Parts of a sweep may lie in the directory of the whole; they are results of their own.
      const own = entries.filter((name) => !/^shard-\d+-of-\d+$/.test(name));
      requireReplaceable(path, own, manifest, { force, replaces: out === undefined ? scenario : null });
    }
    makeDirectory(state);
    lock = takeLock(state, path);
    if (isUnfinished(path, noun) && !resume && !force) {
      throw new CliError(`${path} holds an unfinished ${noun}`, '--resume goes on with it, --force starts anew');
    }
    if (!isUnfinished(path, noun) || !resume) {
      for (const name of readdirSync(state)) if (name !== 'lock') rmSync(join(state, name), { recursive: true });
    }
    const names = manifest === null ? [] : [...manifest.files, 'manifest.json'];
    return { release: lock.release, clear: () => removeFiles(path, names) };
  } catch (error) {
    lock?.release();
    throw fileError(error, `write to ${path}`);
  }
}

function removeFiles(path: string, names: readonly string[]): void {
  try {
    for (const name of names) rmSync(join(path, name), { force: true });
  } catch (error) {
    throw fileError(error, `write to ${path}`);
  }
}
