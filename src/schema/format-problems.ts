import type { Problem } from './problem.js';
import { sortProblems } from './problem.js';

export interface FormatOptions {
  /** Colour with ANSI sequences. @default false */
  readonly colour?: boolean;
  /** What they are called in the heading. @default problem */
  readonly noun?: string;
}

/** Source lines are indented by this much, less than the places before them. */
const EXCERPT_INDENT = 8;

/** Longest piece of a source line that is shown. */
const EXCERPT_WIDTH = 88;

/**
 * Problems for people, file by file and in reading order, each with its place (`file:line:column`, which editors and CI
 * recognise), key path, code, message, the source line and carets under what is wrong.
 */
export function formatProblems(problems: readonly Problem[], options: FormatOptions = {}): string {
  const { colour = false, noun = 'problem' } = options;
  const paint = colour
    ? (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m`
    : (_: number, text: string) => text;
  const sorted = sortProblems(problems);
  const lines: string[] = [];
  for (const file of new Set(sorted.map((p) => p.file))) {
    const here = sorted.filter((p) => p.file === file);
    lines.push(paint(1, `${file}: ${here.length} ${noun}${here.length === 1 ? '' : 's'}`));
    const placeWidth = width(here.map(placeOf));
    const pathWidth = width(here.map((p) => p.path));
    const codeWidth = width(here.map((p) => p.code));
    for (const p of here) {
      const head = `${placeOf(p).padEnd(placeWidth)}  ${p.path.padEnd(pathWidth)}`;
      lines.push(`  ${head}  ${paint(31, p.code.padEnd(codeWidth))}  ${p.message}`);
      lines.push(...excerptOf(p, EXCERPT_INDENT, paint));
    }
  }
  return lines.join('\n');
}

type Paint = (code: number, text: string) => string;

function excerptOf(p: Problem, indent: number, paint: Paint): string[] {
  const margin = ' '.repeat(indent);
  const hint = p.hint === '' ? '' : `hint: ${p.hint}`;
  if (p.excerpt.trim() === '') return hint === '' ? [] : [margin + hint];
  const { text, column } = window(p.excerpt, p.column - 1);
  const carets = '^'.repeat(Math.max(1, Math.min(p.length, text.length - column)));
  const under = ' '.repeat(column) + paint(33, carets);
  const gap = ' '.repeat(Math.max(2, 40 - column - carets.length));
  return [margin + text, margin + under + (hint === '' ? '' : gap + hint)];
}

/** The part of a long line around the column, without leading blanks; the column within it. */
function window(line: string, column: number): { text: string; column: number } {
  const blanks = Math.min(column, line.length - line.trimStart().length);
  const fits = line.trimEnd().length - blanks <= EXCERPT_WIDTH;
  const from = fits ? blanks : Math.max(blanks, column - EXCERPT_WIDTH / 2);
  const text = line.slice(from, from + EXCERPT_WIDTH).replaceAll('\t', ' ');
  return { text: text.trimEnd(), column: column - from };
}

function placeOf(p: Problem): string {
  return `${p.file}:${p.line}:${p.column}`;
}

function width(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
