import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CliError, fileError } from '../cli-error.js';

/** A scenario as it was found: its name for messages and relative paths, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** Reads a scenario; `-` is standard input. @throws CliError if it cannot be read */
export function readSource(file: string): Source {
  if (file !== '-') return { file, text: readScenarioText(file) };
  return { file: '-', text: decode(readStandardInput(), 'standard input') };
}

function readScenarioText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new CliError(`cannot read ${file}: it is a directory`, scenariosIn(file));
    throw fileError(error, `read ${file}`);
  }
}

/** What to name instead of a directory. */
function scenariosIn(directory: string): string {
  const first = readdirSync(directory)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()[0];
  return first === undefined ? 'name a scenario file' : `name the files in it, e.g. ${join(directory, first)}`;
}

/** A text file; one whose name ends in `.gz` is unpacked. Errors of the file system pass through. */
export function readText(path: string): string {
  const bytes = readFileSync(path);
  return decode(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, path);
}

function readStandardInput(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (error) {
    throw fileError(error, 'read standard input');
  }
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CliError(`${name} is not UTF-8 text`);
  }
}
