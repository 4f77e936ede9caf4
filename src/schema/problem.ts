import type { Code } from './codes.js';

/** Where something is written. */
export interface Place {
  /** As given by the user; `--set`, `--seed` ... for values from the command line. */
  readonly file: string;
  /** From 1. For command-line values: which of the repeated arguments. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Characters to underline, on this line. */
  readonly length: number;
  /** The whole source line. */
  readonly excerpt: string;
}

/** Something wrong (or, as a warning, doubtful) in a scenario, told to its author. */
export interface Problem extends Place {
  /** Key path in that file, e.g. `variants.puma-4x3.server.puma.threads`. */
  readonly path: string;
  readonly code: Code;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What would be right; empty when the message says it all. */
  readonly expected: string;
  /** What is there; empty when nothing is. */
  readonly received: string;
  /** What to do; may be empty. */
  readonly hint: string;
}

/** Order of reading: file by file (in order of first appearance), then by place. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map((p) => p.file))];
  return [...problems].sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.path, b.path) ||
      compareText(a.code, b.code),
  );
}

/** Variants share most of their text, so the same problem is found once for each of them: keep one. */
export function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((p) => {
    const key = JSON.stringify([p.file, p.line, p.column, p.code, p.message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
