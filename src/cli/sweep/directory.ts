import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, fileError } from '../cli-error.js';
import { existingEntries, makeDirectory, readManifest, requireReplaceable } from '../files/out-directory.js';
import { type Lock, takeLock } from './lock.js';
import { isUnfinished, STATE } from './progress-file.js';

export interface SweepDirectoryRules {
  readonly force: boolean;
  readonly resume: boolean;
  /** The directory was named by the user. */
  readonly out?: string;
}

/**
 * Takes the directory of a sweep and makes it ready: an unfinished sweep stays where it is wanted, and what an earlier
 * one has written is taken away.
 *
 * @throws CliError if the directory cannot be used, or another process is at work in it
 */
export function claimDirectory(path: string, scenario: string, { force, resume, out }: SweepDirectoryRules): Lock {
  if (path === '-') throw new CliError('a sweep needs a directory, to be gone on with', '--out names one');
  const state = join(path, STATE);
  let lock: Lock | null = null;
  try {
    const entries = existingEntries(path);
    const manifest = readManifest(join(path, 'manifest.json'));
    // Shards may lie in the directory of the whole; they are results of their own.
    const own = entries.filter((name) => name !== STATE && !/^shard-\d+-of-\d+$/.test(name));
    const isContinued = isUnfinished(path) && resume;
    if (!entries.includes(STATE)) {
      requireReplaceable(path, own, manifest, { force, replaces: out === undefined ? scenario : null });
    }
    makeDirectory(state);
    lock = takeLock(state, path);
    if (isUnfinished(path) && !resume && !force) {
      throw new CliError(`${path} holds an unfinished sweep`, '--resume goes on with it, --force starts anew');
    }
    if (!isContinued) {
      for (const name of readdirSync(state)) if (name !== 'lock') rmSync(join(state, name), { recursive: true });
    }
    if (manifest !== null) {
      for (const name of [...manifest.files, 'manifest.json']) rmSync(join(path, name), { force: true });
    }
    return lock;
  } catch (error) {
    lock?.release();
    throw fileError(error, `write to ${path}`);
  }
}
