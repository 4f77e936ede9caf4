import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './measure.js';

export interface LastCommit {
  readonly name: string;
  /** Folder that holds its build. */
  readonly root: string;
}

/**
 * Builds what this version is compared with, in a work tree below .cache: HEAD if there are changes on top of it,
 * else the commit before. Null, with a note, if that is not possible (no history, dependencies that differ).
 */
export function buildLastCommit(): LastCommit | null {
  const isDirty = git('status', '--porcelain', '--', 'src') !== '';
  const commit = git('rev-parse', '--verify', '--quiet', isDirty ? 'HEAD' : 'HEAD~1');
  if (commit === null || commit === '') return skipped('there is no earlier commit');
  const root = join(ROOT, '.cache/last-commit');
  removeWorkTree(root);
  if (git('worktree', 'add', '--detach', '--force', root, commit) === null) return skipped('git made no work tree');
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  if (!existsSync(join(root, 'dist/experiment/replicate.js'))) return skipped(`${commit.slice(0, 9)} does not build`);
  return { name: commit.slice(0, 9), root };
}

export function removeWorkTree(root: string): void {
  git('worktree', 'remove', '--force', root);
  rmSync(root, { recursive: true, force: true });
  git('worktree', 'prune');
}

function git(...args: string[]): string | null {
  const { status, stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function skipped(reason: string): null {
  console.log(`no comparison with the last commit: ${reason}`);
  return null;
}
