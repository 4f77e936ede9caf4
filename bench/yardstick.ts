import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Size } from './measure.js';

export interface YardstickResult {
  readonly wallMs: number;
  readonly mean: number;
  readonly p99: number;
}

/** Runs the C program for one model size. */
export type Yardstick = (requests: number, seed: number, size: Size) => YardstickResult;

/** Compiles bench/c/gvl.c; null, with a note, where there is no gcc. */
export function buildYardstick(): Yardstick | null {
  const directory = join(ROOT, 'bench/build');
  mkdirSync(directory, { recursive: true });
  const program = join(directory, 'gvl');
  const source = join(ROOT, 'bench/c/gvl.c');
  const gcc = spawnSync('gcc', ['-O3', '-march=native', '-o', program, source, '-lm'], { encoding: 'utf8' });
  if (gcc.status !== 0) {
    console.log(`no comparison with C: ${gcc.error ? 'gcc is not there' : gcc.stderr.trim()}`);
    return null;
  }
  return (requests, seed, { processes, threads }) => {
    const args = [requests, seed, 'hist', processes, threads].map(String);
    const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
    const { wall, mean, p99 } = JSON.parse(stdout) as { wall: number; mean: number; p99: number };
    return { wallMs: wall * 1000, mean, p99 };
  };
}
