/** The sources of the project as text, and what they import. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Source {
  /** From `src/` on, with slashes: `model/cpu/cpu.ts`. */
  readonly file: string;
  /** Without comments. */
  readonly code: string;
  /** Files of the project as `file`; packages as written. */
  readonly imports: readonly string[];
  /** Those of them that exist at run time: without `import type`. */
  readonly valueImports: readonly string[];
}

export function readSources(root: string): Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(path.sep).join('/'))
    .sort()
    .map((file) => {
      const code = withoutComments(readFileSync(path.join(root, file), 'utf8'));
      const values = code.replace(/^import type [^;]*;/gm, '');
      return { file, code, imports: importsOf(file, code), valueImports: importsOf(file, values) };
    });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function importsOf(file: string, code: string): string[] {
  const specifiers = code.matchAll(/\b(?:from\s+|import\s*\(\s*|import\s+)'([^'\s]+)'/g);
  return Array.from(specifiers, ([, specifier]) => {
    if (!specifier!.startsWith('.')) return specifier!;
    return path.posix.join(path.posix.dirname(file), specifier!).replace(/\.js$/, '.ts');
  });
}

/** `model/cpu/cpu.ts` -> `model`; a file at the top is a room of its own. */
export function roomOf(file: string): string {
  return file.split('/')[0]!;
}

/** `zod/v4` -> `zod`, `@types/node` -> `@types/node`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}
