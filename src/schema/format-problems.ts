import type { Problem } from './problem.js';
import { sortProblems } from './problem.js';
import { wrapped } from './wrapped.js';

export interface FormatOptions {
  /** Colour with ANSI sequences. @default false */
  readonly colour?: boolean;
  /** What they are called in the heading. @default problem */
  readonly noun?: string;
  /** Where messages and hints are broken. @default Infinity: each is one line, for grep and for logs */
  readonly width?: number;
}

/** Source lines are indented by this much, less than the places before them. */
const EXCERPT_INDENT = 8;

/** Further lines of a hint stand under its first word. */
const HINT_INDENT = 'hint: '.length;

/** Longest piece of a source line that is shown. */
const EXCERPT_WIDTH = 88;

/**
 * Problems for people, file by file and in reading order, each with its place (`file:line:column`, which editors and CI
 * recognise), key path, code, message, the source line and carets under what is wrong.
 */
export function formatProblems(problems: readonly Problem[], options: FormatOptions = {}): string {
  const { colour = false, noun = 'problem', width = Number.POSITIVE_INFINITY } = options;
  const paint = colour
    ? (code: number, text: string) => `\u001b[${code}m${text}\u001b[0m`
    : (_: number, text: string) => text;
  const sorted = sortProblems(problems);
  const lines: string[] = [];
  for (const file of new Set(sorted.map((p) => p.file))) {
    const here = sorted.filter((p) => p.file === file);
    lines.push(paint(1, `${file}: ${here.length} ${noun}${here.length === 1 ? '' : 's'}`));
    const placeWidth = widest(here.map(placeOf));
    const pathWidth = widest(here.map((p) => p.path));
    const codeWidth = widest(here.map((p) => p.code));
    for (const p of here) {
      const head = `${placeOf(p).padEnd(placeWidth)}  ${p.path.padEnd(pathWidth)}`;
      const isNarrow = 2 + head.length + 2 + codeWidth + 2 + p.message.length > width;
      lines.push(`  ${head}  ${paint(31, p.code.padEnd(codeWidth))}${isNarrow ? '' : `  ${p.message}`}`.trimEnd());
      if (isNarrow) lines.push(...hanging(p.message, EXCERPT_INDENT, 0, width));
      lines.push(...excerptOf(p, EXCERPT_INDENT, paint, width));
    }
  }
  return lines.join('\n');
}

type Paint = (code: number, text: string) => string;

function excerptOf(p: Problem, indent: number, paint: Paint, width: number): string[] {
  const margin = ' '.repeat(indent);
  const hint = p.hint === '' ? '' : `hint: ${p.hint}`;
  if (p.excerpt.trim() === '') return hanging(hint, indent, HINT_INDENT, width);
  const { text, column } = window(p.excerpt, p.column - 1, Math.max(20, Math.min(EXCERPT_WIDTH, width - indent)));
  const carets = '^'.repeat(Math.max(1, Math.min(p.length, text.length - column)));
  const under = ' '.repeat(column) + paint(33, carets);
  const gap = ' '.repeat(Math.max(2, 40 - column - carets.length));
  const before = indent + column + carets.length + gap.length;
  if (before + hint.length <= width) return [margin + text, margin + under + (hint === '' ? '' : gap + hint)];
  return [margin + text, margin + under, ...hanging(hint, indent, HINT_INDENT, width)];
}

/** Text from `indent` on, broken before `width`, further lines by `more` deeper. */
function hanging(text: string, indent: number, more: number, width: number): string[] {
  return wrapped(text, width - indent - more).map((line, k) => ' '.repeat(k === 0 ? indent : indent + more) + line);
}

/** The part of a long line around the column, without leading blanks; the column within it. */
function window(line: string, column: number, most: number): { text: string; column: number } {
  const blanks = Math.min(column, line.length - line.trimStart().length);
  const fits = line.trimEnd().length - blanks <= most;
  const from = fits ? blanks : Math.max(blanks, column - Math.floor(most / 2));
  const text = line.slice(from, from + most).replaceAll('\t', ' ');
  return { text: text.trimEnd(), column: column - from };
}

function placeOf(p: Problem): string {
  return `${p.file}:${p.line}:${p.column}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
