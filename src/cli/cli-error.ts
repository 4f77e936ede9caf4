import { Exit } from './exit-codes.js';

/** An error for the user: one line, what to do about it, and the exit code. Shown without a stack trace. */
export class CliError extends Error {
  readonly hint: string;
  readonly exitCode: number;

  constructor(message: string, hint = '', exitCode: number = Exit.Usage) {
    super(message);
    this.name = 'CliError';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'it exists already',
  ENOENT: 'no such file or directory',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large',
  EIO: 'input/output error',
  EMFILE: 'too many open files',
};

/** The machine's fault, not the user's choice of path. */
const MACHINE_FAILED = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE']);

/** An error of the file system as one line; other errors are returned as they are. */
export function fileError(error: unknown, doing: string): unknown {
  const { code, path } = error as { code?: string; path?: string };
  const reason = code === undefined ? undefined : REASONS[code];
  if (reason === undefined) return error;
  const where = path === undefined || doing.includes(path) ? '' : ` (${path})`;
  const exitCode = MACHINE_FAILED.has(code!) ? Exit.Internal : Exit.Usage;
  return new CliError(`cannot ${doing}: ${reason}${where}`, '', exitCode);
}
