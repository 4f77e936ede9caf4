/** What keeps systems from handing over a file, in plain words. The reader is the caller's: all that is known is its message. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/\bEISDIR\b/, 'it is a directory'],
  [/\b(EACCES|EPERM)\b/, 'permission denied'],
  [/\bELOOP\b/, 'too many symbolic links'],
  [/\bENAMETOOLONG\b/, 'the name is too long'],
  [/incorrect header check|unexpected end of file/, 'its name ends in .gz, and it is not a whole gzip file'],
  [/is not UTF-8 text/, 'it is not UTF-8 text'],
];

/** Message and hint for a file that could not be read. */
export function unreadable(file: string, error: unknown): { readonly message: string; readonly hint: string } {
  const text = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  if (/ENOENT|no such file/i.test(text)) {
    return { message: `there is no file ${file}`, hint: 'paths are relative to the file that names them' };
  }
  const reason = REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? text;
  return { message: `cannot read ${file}: ${reason}`, hint: '' };
}
