import { join } from 'node:path';
import { CliError } from '../cli-error.js';
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

/** What is done with the directory. */
export interface Works {
  /** @param directory null: nothing is written */
  begin(directory: ResumableDirectory | null): Promise<Ended>;
  /** The very same was done before, and there is nothing to go on with: shows what is there. Returns the exit code. */
  show(path: string, manifest: Readonly<Record<string, unknown>>): Promise<number>;
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
  work: Works,
): Promise<number> {
  if (out === '-') {
    if (resume) throw new CliError('--resume needs a directory', '--out DIR instead of --out -');
    return (await work.begin(null)).exitCode;
  }
  const path = out ?? join('results', `${directoryName(scenario)}-${noun}`);
  const complete = resume ? completeManifest(path, noun, identity) : null;
  if (complete !== null) {
    if (!quiet) printNote(`${path}/ is complete`);
    return work.show(path, complete);
  }
  const lock = claimDirectory(path, { noun, scenario }, { force, resume, ...(out === undefined ? {} : { out }) });
  process.on('exit', lock.release);
  let memory: ReplicationMemory | null = null;
  try {
    memory = new ReplicationMemory(path, noun, identity);
    lock.clear();
    if (resume && !quiet) printNote(memory.kept > 0 ? `going on after ${memory.kept} replications` : STARTING);
    const write: ResumableDirectory['write'] = (name, chunks) => writeAtomically(path, name, chunks);
    const { exitCode, isDone } = await work.begin({ path, memory, write });
    if (isDone) memory.remove();
    else {
      memory.close();
      printNote(
        `gvlsim: ${memory.kept === 1 ? '1 replication is' : `${memory.kept} replications are`} kept; the same command with --resume goes on`,
      );
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

/** The manifest of the directory if it holds the result of this very work. */
function completeManifest(path: string, noun: string, identity: Identity): Readonly<Record<string, unknown>> | null {
  const content = readManifest(join(path, 'manifest.json'))?.content;
  const isDone = content?.command === noun && content.complete === true;
  return isDone && JSON.stringify(content.identity) === JSON.stringify(identity) ? content : null;
}
