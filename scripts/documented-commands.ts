import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** Where `text` starts in the page. */
  readonly offset: number;
}

/** A block of commands, and what it must print if a `text` block follows. */
export interface DocumentedCommands {
  readonly commands: Block;
  readonly output: Block | null;
}

/** README.md, CONTRIBUTING.md and every page below docs/. */
export function documentationPages(): string[] {
  const below = (directory: string): string[] =>
    readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? below(path) : entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
    });
  return ['README.md', 'CONTRIBUTING.md', ...below(join(ROOT, 'docs')).sort()];
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

export function blocksOf(text: string): Block[] {
  const fence = /^```(\w*)\n([\s\S]*?)^```$/gm;
  return [...text.matchAll(fence)].map((match) => ({
    language: match[1]!,
    text: match[2]!,
    line: text.slice(0, match.index).split('\n').length,
    offset: match.index + match[0].indexOf('\n') + 1,
  }));
}

/** What stands before the first command of a newcomer; here everything is installed already. */
const INSTALL = /^npm ci && /;

/** Blocks of shell commands that begin with gvlsim, after the installation at most: the others are not run. */
export function commandsOf(blocks: readonly Block[]): DocumentedCommands[] {
  return blocks.flatMap((commands, k) => {
    if (commands.language !== 'sh' || !/^(npx )?gvlsim /.test(commands.text.replace(INSTALL, ''))) return [];
    const next = blocks[k + 1];
    return [{ commands, output: next?.language === 'text' ? next : null }];
  });
}

export interface Playground {
  readonly path: string;
  /** @throws Error with what was printed, if a command fails */
  run(documented: DocumentedCommands): string;
  remove(): void;
}

/**
 * A temporary folder with the scenarios, in which `gvlsim` and `npx gvlsim` are the build in dist/. Commands without a
 * stated output make do with two replications.
 */
export function createPlayground(): Playground {
  const path = mkdtempSync(join(tmpdir(), 'gvlsim-docs-'));
  cpSync(join(ROOT, 'scenarios'), join(path, 'scenarios'), { recursive: true });
  cpSync(join(ROOT, 'schema'), join(path, 'schema'), { recursive: true });
  const bin = join(path, '.bin');
  mkdirSync(bin);
  const start = `exec "${process.execPath}" "${join(ROOT, 'bin/gvlsim.js')}" "$@"\n`;
  writeFileSync(join(bin, 'gvlsim'), `#!/bin/sh\n${start}`);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\n[ "$1" = gvlsim ] || exit 9\nshift\n${start}`);
  for (const name of ['gvlsim', 'npx']) chmodSync(join(bin, name), 0o755);
  return {
    path,
    run({ commands, output }) {
      const { GVLSIM_REPLICATIONS: _, COLUMNS: __, ...inherited } = process.env;
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-euo', 'pipefail', '-c', commands.text.replace(INSTALL, '')],
        {
          cwd: path,
          encoding: 'utf8',
          env: {
            ...inherited,
            PATH: `${bin}:${process.env.PATH}`,
            NO_COLOR: '1',
            ...(output === null && { GVLSIM_REPLICATIONS: '2' }),
          },
        },
      );
      if (status !== 0) throw new Error(`${commands.text}exit code ${status}\n${stdout}${stderr}`);
      return stdout;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
