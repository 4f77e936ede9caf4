import { describe, expect, it } from 'vitest';
import { formatProblems, loadScenario, loadSweep } from '../../src/scenario/index.js';

const BASE = `version: 1
name: small
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
app:
  classes:
    - {name: page, weight: 3, cpu: {exponential: {mean: 10ms}}}
    - {name: report, cpu: {exponential: {mean: 30ms}}}
load: {open: {rate: 20/s}}
run: {requests: 100, replications: 2}
`;
const readText = (path: string): string => {
  throw new Error(`ENOENT: ${path}`);
};
const load = (grid: string, set: string[] = []) =>
  loadSweep({ file: 'grid.yml', text: BASE + grid }, { readText, set });
const planOf = (grid: string) => {
  const { plan, problems } = load(grid);
  expect(formatProblems(problems)).toBe('');
  return plan!;
};
const table = (grid: string): string[] => {
  const plan = planOf(grid);
  return [
    plan.factors.map(({ name }) => name).join(' '),
    ...Array.from({ length: plan.size }, (_, k) => plan.cells(k).join(' ')),
  ];
};

describe('a grid', () => {
  it('crosses its fields, the last changing fastest, and keeps together what is zipped', () => {
    expect(
      table(`sweep:
  host.cores: [1, 2]
  zip:
    - {server.unicorn.worker_processes: [4, 8], load.open.rate: [10/s, 1200/min]}
`),
    ).toEqual(['cores worker_processes rate_per_s', '1 4 10', '1 8 20', '2 4 10', '2 8 20']);
  });

  it('has ranges by step, by number and on a log scale, with exact ends', () => {
    const values = (range: string) => table(`sweep: {load.open.rate: ${range}}`).slice(1);
    expect(values('{from: 0.1/s, to: 0.5/s, step: 0.1/s}')).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5']);
    expect(values('{from: 10/s, to: 25/s, step: 10/s}')).toEqual(['10', '20']);
    expect(values('{from: 10/s, to: 20/s, steps: 3}')).toEqual(['10', '15', '20']);
    expect(values('{from: 1/s, to: 1000/s, steps: 4, scale: log}')).toEqual(['1', '10', '100', '1000']);
    expect(table('sweep: {load.open.rate: [1e2/s, 600/min]}')).toEqual(['rate_per_s', '100', '10']);
    expect(table('sweep: {host.cores: {from: 1, to: 3}}').slice(1)).toEqual(['1', '2', '3']);
  });

  it('names columns after fields and units, as short as they can be told apart', () => {
    const names = (grid: string) => planOf(`sweep: ${grid}`).factors.map(({ name, type, unit }) => [name, type, unit]);
    expect(
      names(
        '{app.classes.page.cpu.exponential.mean: [1ms, 2s], app.classes.report.cpu.exponential.mean: [5ms], app.classes.0.malloc: [1MiB, 512KiB]}',
      ),
    ).toEqual([
      ['page_cpu_mean_ms', 'number', 'ms'],
      ['report_cpu_mean_ms', 'number', 'ms'],
      ['malloc_mib', 'number', 'MiB'],
    ]);
    expect(names('{ruby.version: ["3.3", "2.7"], ruby.gc: ["on", "off"]}')).toEqual([
      ['ruby_version', 'string', ''],
      ['gc', 'string', ''],
    ]);
    expect(names('{host.cores: {values: [1], column: cpus}}')).toEqual([['cpus', 'number', '']]);
  });

  it('may replace whole parts of the scenario', () => {
    const plan = planOf('sweep: {server: [{unicorn: {worker_processes: 3}}, {puma: {workers: 2, threads: 5}}]}');
    expect(plan.cells(1)).toEqual(['{puma: {workers: 2, threads: 5}}']);
    expect(plan.experiment(1).experiment!.configurations[0]!.system.server.type).toBe('puma');
  });

  it('gives each cell what --set gives with its settings', () => {
    const plan = planOf(
      'sweep: {app.classes.page.cpu: [12ms, {lognormal: {mean: 10ms, cv: 2}}], run.seed: [3, 4], load.open.rate: [7/s]}',
    );
    for (let cell = 0; cell < plan.size; cell++) {
      const set = loadScenario({ file: 'grid.yml', text: BASE }, { readText, set: plan.settings(cell) });
      expect(plan.experiment(cell).experiment!.resolved).toEqual(set.experiment!.resolved);
    }
  });

  it('goes together with variants, and says where a field is not there', () => {
    const grid = `variants: {u: {}, p: {server: {puma: {workers: 1}}}}
sweep: {server.puma.workers: [2, 4]}
`;
    const { plan, warnings } = load(grid);
    expect(plan!.experiment(1).experiment!.configurations.map(({ variant }) => variant)).toEqual(['u', 'p']);
    expect(warnings.map(({ message }) => message)).toEqual(['changes nothing in u: it has no server.puma']);
  });

  it('is checked by every command', () => {
    const { problems } = loadScenario({ file: 'a.yml', text: `${BASE}sweep: {host.cores: 3}` }, { readText });
    expect(problems.map(({ code }) => code)).toEqual(['SCN_TYPE']);
  });
});

describe('a grid that cannot be', () => {
  const bad: [name: string, grid: string, message: RegExp][] = [
    ['an unknown field', 'sweep: {server.unicorn.wrokers: [1]}', /unknown key/],
    ['another server', 'sweep: {server.puma.workers: [1]}', /no configuration has server\.puma/],
    ['a bad value', 'sweep: {host.cores: [1, 0]}', /sweep\.host\.cores\[1\] .*from 1 to 1024/],
    ['no values', 'sweep: {host.cores: []}', /at least one value/],
    ['no list', 'sweep: {host.cores: 2}', /a list of values, or a range/],
    ['a wrong key', 'sweep: {host.cores: {from: 1, until: 3}}', /unknown key until/],
    ['no step', 'sweep: {load.open.rate: {from: 1/s, to: 3/s}}', /step, or steps/],
    ['other units', 'sweep: {load.open.rate: {from: 1/s, to: 3/min, steps: 3}}', /the unit of from/],
    ['unequal lengths', 'sweep: {zip: {host.cores: [1, 2], run.seed: [1]}}', /has 1 values, host\.cores 2/],
    ['twice the same', 'sweep: {host.cores: [1], zip: {host.cores: [1]}}', /varied twice/],
    ['the name', 'sweep: {name: [a, b]}', /name is the same in all cells/],
    ['a taken column', 'sweep: {host.cores: {values: [1], column: metric}}', /a column called metric/],
  ];
  it.each(bad)('%s is told with its place', (_name, grid, message) => {
    const { plan, problems } = load(`${grid}\n`);
    expect(plan).toBe(null);
    const text = formatProblems(problems);
    expect(text).toMatch(message);
    expect(text).toContain('grid.yml:12:');
  });

  it('by its absence is told as well', () => {
    expect(load('').problems[0]!.message).toMatch(/sweep is missing/);
  });
});
