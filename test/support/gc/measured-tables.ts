import { readFileSync } from 'node:fs';

export type Row = Readonly<Record<string, string>>;

/** A table of test/measured/memory. */
export function measured(file: string): Row[] {
  const text = readFileSync(new URL(`../../measured/memory/${file}`, import.meta.url), 'utf8');
  const [header, ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(cells.map((cell, k) => [header![k]!, cell])));
}
