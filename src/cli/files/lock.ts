import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CliError, fileError } from '../cli-error.js';

export interface Lock {
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, in ticks since the machine was; empty where /proc does not say. */
  readonly started: string;
}

/**
 * Takes a directory for this process alone. A lock that was left behind by a process that is gone (killed, or before the
 * machine was started again) is taken over; that of another machine cannot be judged and is respected.
 *
 * @throws CliError if another process has it
 */
export function takeLock(directory: string, shown: string): Lock {
  const path = join(directory, 'lock');
  const mine = JSON.stringify(ownerOf(process.pid));
  for (let attempt = 0; attempt < 10; attempt++) {
    if (created(path, mine)) return { release: () => release(path, mine) };
    const theirs = contentOf(path);
    if (theirs === null) continue; // released meanwhile
    if (isHeld(theirs)) throw held(shown, theirs, path);
    takeAway(path, theirs);
  }
  throw new CliError(`${shown} is in use by another gvlsim`, `if none runs, delete ${path}`);
}

/** The lock appears with its content or not at all, where the file system has links. */
function created(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, content);
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      writeFileSync(path, content, { flag: 'wx' });
    } finally {
      unlinkSync(draft);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError(error, `write ${path}`);
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parse(content: string): Owner | null {
  try {
    const { pid, host, started } = JSON.parse(content);
    return { pid, host, started };
  } catch {
    return null; // killed between making the lock and writing into it
  }
}

function isHeld(content: string): boolean {
  const owner = parse(content);
  if (owner === null) return false;
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const { started } = ownerOf(owner.pid);
  return owner.started === '' || started === '' || started === owner.started;
}

function held(shown: string, content: string, path: string): CliError {
  const { pid, host } = parse(content)!;
  const where = host === hostname() ? '' : ` on ${host}`;
  const hint = where === '' ? '--out names another directory' : `if it does not run any more, delete ${path}`;
  return new CliError(`${shown} is in use by another gvlsim (process ${pid}${where})`, hint);
}

/** Two processes may find the same stale lock: the one that moves away what the other has just made puts it back. */
function takeAway(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (contentOf(aside) !== stale) linkSync(aside, path);
  } catch {
    // somebody else was faster
  }
  try {
    unlinkSync(aside);
  } catch {
    // it was never moved
  }
}

function release(path: string, mine: string): void {
  try {
    if (contentOf(path) === mine) unlinkSync(path);
  } catch {
    // gone with its directory
  }
}

function ownerOf(pid: number): Owner {
  return { pid, host: hostname(), started: startOf(pid) };
}

/** @see proc_pid_stat(5), field 22; the name of the program (field 2) may hold anything */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
