/** Rows of the README's table of errors, by their title, and the cases of fidelity.md that they are about. */
const ROWS: Readonly<Record<string, string>> = { 'all 53': 'all', 'Ruby 3.3, 19 of them': 'Ruby 3.3' };

/** The README with the errors that fidelity.md has now: median and 90 % of mean, p50, p95 and p99. */
export function withErrors(readme: string, fidelity: string): string {
  return Object.entries(ROWS).reduce(
    (text, [title, cases]) => withRow(text, title, `| ${title} | ${errorsOf(fidelity, cases)} |`),
    readme,
  );
}

function withRow(text: string, title: string, row: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${title} |`));
  if (at === -1) throw new Error(`README.md has no row of errors called ${title}`);
  return lines.map((line, k) => (k === at ? row : line)).join('\n');
}

function errorsOf(fidelity: string, cases: string): string {
  const line = fidelity.split('\n').find((one) => one.startsWith(`| ${cases} |`));
  if (line === undefined) throw new Error(`fidelity.md has no errors of ${cases}`);
  const cells = line.split('|').map((cell) => cell.trim());
  return cells
    .slice(3, -1)
    .map((cell) => cell.split(' / ').slice(0, 2).join(' / '))
    .join(' | ');
}
