/** Terminals at least as wide as this show prose as it is. */
const WIDE = 72;

/** Prose broken at blanks where a narrow terminal would break it anywhere; lines that are there stay lines. */
export function folded(text: string, width: number): string {
  if (width >= WIDE) return text;
  return text
    .split('\n')
    .map((line) => foldedLine(line, width))
    .join('\n');
}

function foldedLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current].join('\n');
}
