import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { printNote } from '../terminal.js';
import { claimDirectory } from './claim-directory.js';
import type { Identity } from './identity.js';
import { directoryName, readManifest, type WrittenFile, writeAtomically } from './out-directory.js';
import { ReplicationMemory } from './replication-memory.js';

/** Where a command puts its files, and what an earlier attempt has left there. */
export interface ResumableDirectory {
  readonly path: string;
  readonly memory: ReplicationMemory;
  write(name: string, chunks: Iterable<string | Uint8Array>): WrittenFile;
}

export interface ResumableArgs {
  readonly out?: string;
  readonly force: boolean;
  readonly resume: boolean;
  readonly quiet: boolean;
}

/** How some work ended. */
export interface Ended {
  readonly exitCode: number;
  /** Otherwise the same command with `--resume` goes on. */
  readonly isDone: boolean;
}

/**
 * Does some work with the directory for its results: what --out names, or else a directory in results/ that bears the name
 * of the scenario; null with `--out -`. Finished replications stay there until the work is done.
 *
 * @param noun names the command, e.g. `search`
 */
export async function withResumableDirectory(
  scenario: string,
  noun: string,
  identity: Identity,
  { out, force, resume, quiet }: ResumableArgs,
  work: (directory: ResumableDirectory | null) => Promise<Ended>,
): Promise<number> {
  if (out === '-') {
    if (resume) throw new CliError('--resume needs a directory', '--out DIR instead of --out -');
    return (await work(null)).exitCode;
  }
  const path = out ?? join('results', `${directoryName(scenario)}-${noun}`);
  if (resume && isComplete(path, noun, identity)) {
    if (!quiet) printNote(`${path}/ is complete`);
    return Exit.Ok;
  }
  const lock = claimDirectory(path, { noun, scenario }, { force, resume, ...(out === undefined ? {} : { out }) });
  process.on('exit', lock.release);
  let memory: ReplicationMemory | null = null;
  try {
    memory = new ReplicationMemory(path, noun, identity);
    lock.clear();
    if (resume && !quiet) printNote(memory.kept > 0 ? `going on after ${memory.kept} replications` : STARTING);
    const write: ResumableDirectory['write'] = (name, chunks) => writeAtomically(path, name, chunks);
    const { exitCode, isDone } = await work({ path, memory, write });
    if (isDone) memory.remove();
    else {
      memory.close();
      printNote(`gvlsim: ${memory.kept} replications are kept; the same command with --resume goes on`);
    }
    return exitCode;
  } catch (error) {
    if (memory?.kept === 0) memory.remove();
    if (!(error instanceof CliError) || memory === null || memory.kept === 0) throw error;
    throw new CliError(error.message, 'what was finished is kept: the same with --resume goes on', error.exitCode);
  } finally {
    lock.release();
    process.off('exit', lock.release);
  }
}

const STARTING = 'nothing to go on with: starting';

/** The directory holds the result of this very work. */
function isComplete(path: string, noun: string, identity: Identity): boolean {
  const content = readManifest(join(path, 'manifest.json'))?.content;
  const isDone = content?.command === noun && content.complete === true;
  return isDone && JSON.stringify(content.identity) === JSON.stringify(identity);
}
