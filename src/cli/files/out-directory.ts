import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CliError, fileError } from '../cli-error.js';

export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a command puts its files. Each is written under a temporary name and renamed, so no half file is ever seen. */
export interface OutDirectory {
  readonly path: string;
  write(name: string, chunks: Iterable<string | Uint8Array>): WrittenFile;
  /** File for the rows of one task; removed at the end. */
  partFile(index: number): string;
  /** The bytes of the given parts, one after the other; a part that was never written is left out. */
  parts(indices: readonly number[]): Generator<Uint8Array>;
  /** Removes the parts. May be called more than once, and when the process leaves. */
  close(): void;
}

const PARTS = '.parts';
const READ_BYTES = 1 << 20;

/** What `openOutDirectory` may find and replace. */
export interface OutDirectoryRules {
  /** Write into it whatever is there. */
  readonly force: boolean;
  /** Replace a result of this scenario without being asked; null: only an empty directory will do. */
  readonly replaces: string | null;
}

/**
 * Makes the directory and those above it, one by one: where one cannot be made (in /proc, say), the recursive mkdir of
 * Node 20 tries for ever.
 */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(resolve(path)));
  mkdirSync(path);
}

/**
 * Prepares a directory for results. Files of the result that was there (as its manifest lists them) are removed, so
 * that none of them is taken for a part of the new one; other files are never touched.
 *
 * @throws CliError if the directory cannot be used or is not empty
 */
export function openOutDirectory(path: string, rules: OutDirectoryRules): OutDirectory {
  try {
    const old = existingEntries(path);
    const manifest = readManifest(join(path, 'manifest.json'));
    requireReplaceable(
      path,
      old.filter((name) => name !== PARTS),
      manifest,
      rules,
    );
    makeDirectory(path);
    rmSync(join(path, PARTS), { recursive: true, force: true });
    mkdirSync(join(path, PARTS));
    for (const name of manifest?.files ?? []) rmSync(join(path, name), { force: true });
  } catch (error) {
    throw fileError(error, `write to ${path}`);
  }
  const partFile = (index: number): string => join(path, PARTS, `${index}.csv`);
  return {
    path,
    partFile,
    write: (name, chunks) => writeAtomically(path, name, chunks),
    *parts(indices) {
      for (const index of indices) if (existsSync(partFile(index))) yield* fileBytes(partFile(index));
    },
    close: () => rmSync(join(path, PARTS), { recursive: true, force: true }),
  };
}

/** @throws CliError if the directory holds what may not be replaced */
export function requireReplaceable(
  path: string,
  entries: readonly string[],
  manifest: OldManifest | null,
  { force, replaces }: OutDirectoryRules,
): void {
  const mayReplace = force || (replaces !== null && manifest?.scenario === replaces);
  if (entries.length === 0 || mayReplace) return;
  throw new CliError(`${path} is not empty`, '--force writes into it, --out names another directory');
}

export function existingEntries(path: string): string[] {
  if (path.trim() === '') throw new CliError('--out is empty', '--out names a directory, or `-` for standard output');
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) throw new CliError(`${path} is not a directory`, '--out names a directory');
  return readdirSync(path);
}

/** The name of a scenario as that of a directory: no separators, no `.` or `..`. */
export function directoryName(scenario: string): string {
  const safe = scenario.replace(/[^A-Za-z0-9._-]/g, '_');
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}

/** What a manifest that was found says of the result it belongs to. */
export interface OldManifest {
  readonly scenario: string;
  /** Names of the files in the same directory. */
  readonly files: readonly string[];
  readonly content: Readonly<Record<string, unknown>>;
}

/** null: there is none that gvlsim has written. */
export function readManifest(path: string): OldManifest | null {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8'));
    if (content.tool !== 'gvlsim') return null;
    const names = (content.files as { name: string }[]).map((file) => file.name);
    return { scenario: content.scenario_name, files: names.filter((name) => !/[\\/]|^\.\.?$/.test(name)), content };
  } catch {
    return null;
  }
}

/** Writes a file under a temporary name in `directory` and renames it. @throws CliError on errors of the disk */
export function writeAtomically(directory: string, name: string, chunks: Iterable<string | Uint8Array>): WrittenFile {
  const path = join(directory, name);
  const temporary = join(directory, `.${name}.${process.pid}.tmp`);
  const hash = createHash('sha256');
  let bytes = 0;
  let file = -1;
  try {
    file = openSync(temporary, 'w');
    for (const chunk of chunks) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      writeAll(file, data);
      hash.update(data);
      bytes += data.length;
    }
    fsyncSync(file);
    closeSync(file);
    file = -1;
    renameSync(temporary, path);
  } catch (error) {
    if (file >= 0) closeSync(file);
    if (existsSync(temporary)) unlinkSync(temporary);
    throw fileError(error, `write ${path}`);
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

function writeAll(file: number, data: Uint8Array): void {
  for (let done = 0; done < data.length; ) done += writeSync(file, data, done);
}

function* fileBytes(path: string): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(file, buffer);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}
