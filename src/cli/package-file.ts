import { fileURLToPath } from 'node:url';

/** A file or folder of the installed package. @param path from the root of the package, with slashes */
export function packageFile(path: string): string {
  // As deep below the root as the joined program in dist/program.
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
