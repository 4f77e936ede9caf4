/** Paths as text, without any knowledge of the machine. `/` and `\` both separate. */

/** Folder part of a path, with its separator; empty for a bare name. */
export function folderOf(path: string): string {
  return /^.*[\\/]/.exec(path)?.[0] ?? '';
}

/** A path named in `namingFile`: relative to that file's folder unless absolute. */
export function resolvePath(namingFile: string, path: string): string {
  if (/^([\\/]|[A-Za-z]:[\\/])/.test(path)) return path;
  return tidy(folderOf(namingFile) + path);
}

/** Path of `path` as seen from the folder of `file`; both as used to open them. */
export function pathFrom(file: string, path: string): string {
  const folder = folderOf(file);
  if (folder === '') return path;
  if (path.startsWith(folder)) return path.slice(folder.length);
  const isAbsolute = /^([\\/]|[A-Za-z]:)/;
  if (isAbsolute.test(folder) !== isAbsolute.test(path)) return path;
  const from = tidy(folder)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const to = tidy(path).split('/');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  if (from.slice(same).includes('..')) return path;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}

/** Name of a file without folder and extension. */
export function stemOf(path: string): string {
  return path.slice(folderOf(path).length).replace(/\.(ya?ml|json)$/i, '');
}

/** Removes `.` and `a/..` from a path. */
function tidy(path: string): string {
  if (!/(^|[\\/])\.\.?[\\/]/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '.') continue;
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
