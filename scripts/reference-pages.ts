import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/cli/arguments/command-list.js';
import { REQUEST_METRICS, RUN_METRICS } from '../src/experiment/metrics/metrics.js';
import { type Column, TABLES, type Table } from '../src/report/tables.js';

/** docs/reference/columns.md: every table with its columns, from the same definitions as datapackage.json. */
export function columnsPage(): string {
  return [
    '# Columns of the result files',
    '',
    'Made from the definitions in `src/report` by `npm run reference`; `datapackage.json` in every result folder says the',
    'same. CSV after RFC 4180, UTF-8, a header row, dots as decimal marks, empty cells for missing values.',
    '',
    ...TABLES.flatMap(tableSection),
    '## Metrics of requests',
    '',
    'One value for each request that arrives after the warm-up; summaries give its mean, extremes and quantiles in ms.',
    '',
    ...markdownTable(
      ['metric', 'meaning'],
      REQUEST_METRICS.map(({ name, description }) => [`\`${name}\``, description]),
    ),
    '## Metrics of runs',
    '',
    'One value for each replication.',
    '',
    ...markdownTable(
      ['metric', 'unit', 'meaning'],
      RUN_METRICS.map(({ name, unit, description }) => [`\`${name}\``, unit, description]),
    ),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function tableSection({ name, description, columns, primaryKey }: Table): string[] {
  const key = primaryKey.length > 0 ? ` A row is identified by ${primaryKey.map((c) => `\`${c}\``).join(', ')}.` : '';
  const cells = ({ name: column, type, unit, description: meaning }: Column) => [`\`${column}\``, type, unit, meaning];
  return [
    `## ${name}.csv`,
    '',
    `${description}${key}`,
    '',
    ...markdownTable(['column', 'type', 'unit', 'meaning'], columns.map(cells)),
  ];
}

/** docs/reference/cli.md: the help texts, as the program prints them. Needs the build in dist/. */
export function cliPage(): string {
  const helps = [[], ...COMMANDS.map(({ name }) => [name])].map((command) => {
    const title = command.length === 0 ? 'gvlsim' : `gvlsim ${command[0]}`;
    return `## ${title}\n\n\`\`\`\n${help(command).trimEnd()}\n\`\`\`\n`;
  });
  return `# Command line\n\nMade from \`--help\` by \`npm run reference\`.\n\n${helps.join('\n')}`;
}

function help(command: readonly string[]): string {
  const bin = fileURLToPath(new URL('../bin/gvlsim.js', import.meta.url));
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...command, '--help'], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`gvlsim ${command.join(' ')} --help: ${stderr}`);
  return stdout;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line), ''];
}
