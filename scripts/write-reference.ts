/**
 * `npm run reference`: writes the pages of docs/reference that are made from the code, and the printed output shown in
 * README.md and docs/ below the commands that print it.
 */
import { writeFileSync } from 'node:fs';
import { blocksOf, commandsOf, createPlayground, documentationPages, readPage } from './documented-commands.js';
import { cliPage, columnsPage } from './reference-pages.js';

const file = (path: string): URL => new URL(`../${path}`, import.meta.url);
writeFileSync(file('docs/reference/columns.md'), columnsPage());
writeFileSync(file('docs/reference/cli.md'), cliPage());

for (const page of documentationPages()) {
  let text = readPage(page);
  const documented = commandsOf(blocksOf(text));
  if (documented.every(({ output }) => output === null)) continue;
  const playground = createPlayground();
  const printed = documented.map((commands) => playground.run(commands));
  playground.remove();
  // From the end, so that the places before stay where they are.
  documented.forEach((_, k) => {
    const index = documented.length - 1 - k;
    const { output } = documented[index]!;
    if (output === null) return;
    const end = output.offset + output.text.length;
    text = `${text.slice(0, output.offset)}${printed[index]!.trimEnd()}\n${text.slice(end)}`;
  });
  writeFileSync(file(page), text);
}
