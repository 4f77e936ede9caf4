import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gvlsim-package-'));
let contents: string[] = [];

function run(command: string, args: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** What a user does: `npm install gvlsim` in an empty folder. The build is the one made before the tests. */
beforeAll(() => {
  const packed = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT));
  contents = packed[0].files.map((file: { path: string }) => file.path);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(folder, 'package.json'), '{"name": "user", "private": true, "type": "module"}\n');
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the installed package', () => {
  it('holds what users need and nothing else', () => {
    const roots = [...new Set(contents.map((path) => path.split('/')[0]))].sort();
    expect(roots).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin',
      'claims',
      'dist',
      'package.json',
      'scenarios',
      'schema',
    ]);
    expect(contents).not.toContain('dist/.tsbuildinfo');
  });

  it('has a working npx gvlsim', () => {
    run('npx', ['gvlsim', 'init', 'shop.yml']);
    const csv = run('npx', [
      'gvlsim',
      'compare',
      'shop.yml',
      '--replications',
      '2',
      '--duration',
      '20s',
      '--out',
      '-',
      '-q',
    ]);
    expect(csv.split('\n')[0]).toMatch(/^scenario,/);
  });

  it('can be imported, with types', () => {
    const program = `
      import { loadScenario, runExperiment, summarise, starterScenario, type SummaryRow } from 'gvlsim';
      import { scenarioJsonSchema } from 'gvlsim/browser';
      import schema from 'gvlsim/schema.json' with { type: 'json' };

      const overrides = { durationText: '2min', replications: 5 };
      const readText = (path: string): string => { throw new Error(path); };
      const { experiment } = loadScenario({ file: 'shop.yml', text: starterScenario() }, { readText, overrides });
      if (experiment === null) throw new Error('not valid');
      const rows: SummaryRow[] = summarise(await runExperiment(experiment));
      const mean = rows.find((row) => row.metric === 'latency_ms' && row.statistic === 'mean');
      // @ts-expect-error: numbers are typed, not any
      const text: string | undefined = mean?.n;
      console.log(typeof text, (mean?.estimate ?? 0) > 0, schema.title === scenarioJsonSchema().title);
    `;
    writeFileSync(join(folder, 'program.mts'), program);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--resolveJsonModule'];
    const nodeTypes = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    run(process.execPath, [tsc, ...options, ...nodeTypes, 'program.mts']);
    expect(run(process.execPath, ['program.mjs'])).toBe('number true true\n');
  });

  it('satisfies publint', () => {
    run(process.execPath, [join(ROOT, 'node_modules/publint/src/cli.js'), '--strict', ROOT]);
  });
});
