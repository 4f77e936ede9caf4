/** What the two output streams can do, and writing to them. */
import { writeSync } from 'node:fs';
import type { CliError } from './cli-error.js';
import { Exit } from './exit-codes.js';

export interface OutputOptions {
  readonly color: boolean;
}

/** Colours on a stream: only on a terminal, unless FORCE_COLOR; never with NO_COLOR, --no-color or TERM=dumb. */
export function wantsColour(stream: NodeJS.WriteStream, options: OutputOptions, env = process.env): boolean {
  if (!options.color || (env.NO_COLOR ?? '') !== '') return false;
  const forced = env.FORCE_COLOR ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  if (env.TERM === 'dumb') return false;
  return stream.isTTY === true;
}

/** The locale says that the terminal shows UTF-8. Without any locale a terminal is not trusted with it, a file is. */
export function showsUnicode(stream: NodeJS.WriteStream, env = process.env): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  if (locale === '') return stream.isTTY !== true;
  return /utf-?8/i.test(locale);
}

/** Columns to use: those of the terminal, COLUMNS, or 80. */
export function widthOf(stream: NodeJS.WriteStream, env = process.env): number {
  const width = stream.isTTY === true ? stream.columns : Number(env.COLUMNS);
  return Number.isInteger(width) && width > 0 ? Math.max(40, width) : 80;
}

/** Columns that a table may have: as above, but any number in a file or a pipe. Without COLUMNS nobody has said that these are narrow. */
export function tableWidthOf(stream: NodeJS.WriteStream, env = process.env): number {
  return stream.isTTY === true || Number(env.COLUMNS) > 0 ? widthOf(stream, env) : Number.POSITIVE_INFINITY;
}

/** Data for the user or the next program. */
export function printData(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => (error ? leave(error) : resolve()));
  });
}

/** Anything that is not data. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** An error for the user, and what to do about it. */
export function printError({ message, hint }: CliError): void {
  printNote(`gvlsim: ${message}`);
  if (hint !== '') printNote(`  ${hint}`);
}

/** A reader that stops reading (`| head`) is not an error: leave quietly. A closed stderr is ignored. */
export function leaveQuietlyOnClosedPipe(): void {
  process.stdout.on('error', leave);
  process.stderr.on('error', () => {});
}

function leave(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(Exit.Ok);
  writeSync(2, `gvlsim: cannot write to stdout: ${error.message}\n`);
  process.exit(Exit.Internal);
}
