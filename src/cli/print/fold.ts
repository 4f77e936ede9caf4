import { wrapped } from '../../schema/wrapped.js';

/** Where prose is folded if there is no end to a line, in a file or a pipe. */
const PROSE_WIDTH = 80;

/** Prose broken at blanks where a terminal would break it anywhere; lines that are there stay lines, indents stay indents. */
export function folded(text: string, widest: number): string {
  const width = Number.isFinite(widest) ? widest : PROSE_WIDTH;
  return text
    .split('\n')
    .map((line) => (line.length <= width ? line : foldedLine(line, width)))
    .join('\n');
}

function foldedLine(line: string, width: number): string {
  const indent = ' '.repeat(line.length - line.trimStart().length);
  return wrapped(line, width - indent.length)
    .map((part) => `${indent}${part}`)
    .join('\n');
}
