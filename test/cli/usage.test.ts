import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/arguments/command-list.js';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

const folder = temporaryFolder({ 'small.yml': SMALL, 'broken.yml': SMALL.replace('cores: 2', 'cors: 2') });
afterAll(folder.remove);
const run = (...args: string[]) => gvlsim(args, { cwd: folder.path });

describe('help', () => {
  it('lists the commands and exit codes on stdout', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, stdout, stderr } = await run(flag);
      expect([code, stderr]).toEqual([0, '']);
      for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name}`);
      expect(stdout).toContain('130');
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  it('of every command shows two examples', async () => {
    for (const { name, examples } of COMMANDS) {
      const { code, stdout } = await run(name, '--help');
      expect(code).toBe(0);
      expect(examples.length).toBe(2);
      for (const [example] of examples) expect(stdout).toContain(`  ${example}\n`);
    }
  });

  it('tells the version', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect((await run('run', '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('wrong usage', () => {
  const cases: [string[], RegExp][] = [
    [[], /which command/],
    [['rum', 'small.yml'], /unknown command: rum; did you mean run\?/],
    [['run'], /scenario file is missing/],
    [['run', 'small.yml', '--bogus'], /unknown option or argument: --bogus/],
    [['run', 'small.yml', '--replicatons', '3'], /unknown option: --replicatons; did you mean --replications\?/],
    [['run', '.'], /cannot read \.: it is a directory/],
    [['run', 'small.yml', '--out', ''], /--out is empty/],
    [['validate', 'small.yml', '--no-progress'], /unknown option or argument: --no-progress/],
    [['run', 'small.yml', '--format', 'xml'], /--format: expected table, csv, json, ndjson, md; received "xml"/],
    [['run', 'small.yml', 'other.yml'], /unknown option or argument: other\.yml/],
    [['run', 'small.yml', '--seed', 'x'], /--seed needs a number/],
    [['run', 'small.yml', '--seed'], /--seed needs a value/],
    [['run', 'small.yml', '--jobs', '0'], /--jobs needs a whole number/],
    [['run', 'small.yml', '--format', 'xml'], /format/],
    [['run', 'small.yml', '--json', '--format', 'csv'], /contradict/],
    [['run', 'small.yml', '--requests', '--out', '-'], /--requests needs a directory/],
    [['run', 'nowhere.yml'], /cannot read nowhere\.yml: no such file/],
    [['compare', 'small.yml'], /no variants/],
    [['run', 'small.yml', '--trace', '99999'], /no request 99999/],
  ];
  it.each(cases)(
    '%j ends with exit code 2, one line and a hint on stderr, nothing on stdout',
    async (args, message) => {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/ at .*\.js/);
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    },
  );

  it('of an environment variable is told as well', async () => {
    const { code, stderr } = await gvlsim(['run', 'small.yml'], { cwd: folder.path, env: { GVLSIM_SEDE: '1' } });
    expect(code).toBe(2);
    expect(stderr).toContain('GVLSIM_SEDE');
  });
});

describe('an invalid scenario', () => {
  it('ends every command with exit code 2 and its problems on stderr', async () => {
    for (const command of ['run', 'compare', 'validate', 'explain']) {
      const { code, stdout, stderr } = await run(command, 'broken.yml');
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/broken\.yml: 2 problems/);
      expect(stderr).toMatch(/3:8 .*SCN_UNKNOWN_KEY/);
    }
  });

  it('does not hide the others that are validated with it', async () => {
    const { code, stderr } = await run('validate', 'broken.yml', 'small.yml');
    expect(code).toBe(2);
    expect(stderr).toContain('small.yml: valid');
  });
});

describe('the small commands', () => {
  it('validate says nothing on stdout', async () => {
    expect(await run('validate', 'small.yml', '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await gvlsim(['validate', '-'], { input: SMALL })).code).toBe(0);
  });

  it('explain speaks on stdout, and its --defaults can be run', async () => {
    expect((await run('explain', 'small.yml')).stdout).toContain('unicorn');
    const defaults = await run('explain', 'small.yml', '--defaults');
    expect((await gvlsim(['validate', '-'], { input: defaults.stdout })).code).toBe(0);
  });

  it('schema prints a JSON Schema', async () => {
    const { code, stdout } = await run('schema');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).$schema).toContain('draft-07');
  });

  it('init writes a scenario that is valid, and overwrites nothing', async () => {
    expect(await run('init', 'new.yml')).toMatchObject({ code: 0, stdout: '' });
    expect((await run('validate', 'new.yml')).code).toBe(0);
    const schema = /\$schema=(\S+)/.exec(readFileSync(join(folder.path, 'new.yml'), 'utf8'))![1]!;
    expect(existsSync(join(folder.path, schema))).toBe(true);
    expect(readFileSync(join(folder.path, 'new.yml'), 'utf8')).toMatch(/^name: new$/m);
    expect(await run('init', 'new.yml')).toMatchObject({ code: 2, stderr: expect.stringContaining('exists') });
    expect((await run('init', 'new.yml', '--force')).code).toBe(0);
    expect((await run('init', '-')).stdout).toContain('version: 1');
    expect((await run('init', 'nowhere/new.yml')).code).toBe(2);
  });

  it('completion prints a script', async () => {
    const outcome = (args: string[], SHELL: string) => gvlsim(['completion', ...args], { env: { SHELL } });
    expect(await outcome([], '/bin/sh')).toMatchObject({ code: 0, stdout: expect.stringContaining('complete -o') });
    expect(await outcome([], '/usr/bin/zsh')).toMatchObject({ code: 0, stdout: expect.stringContaining('#compdef') });
    expect(await outcome(['zsh'], '/bin/bash')).toMatchObject({ stdout: expect.stringContaining('#compdef gvlsim') });
    expect(await outcome(['bash'], '/bin/zsh')).toMatchObject({ stdout: expect.stringContaining('complete -o') });
    expect(await outcome(['fish'], '')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/fish\n/) });
    expect(await outcome([], '/usr/bin/fish')).toMatchObject({ code: 2, stdout: '' });
  });

  it('completion script finds commands and options', async () => {
    const found = async (...words: string[]) =>
      (await run('--get-yargs-completions', 'gvlsim', ...words)).stdout.split('\n');
    expect(await found('se')).toEqual(expect.arrayContaining([expect.stringMatching(/^(search|sensitivity)/)]));
    expect((await found('run', '--se')).join(' ')).toContain('--seed');
  });

  it('validate names what to read instead of a directory, and reads the other files', async () => {
    const { code, stderr } = await run('validate', '.', 'nowhere.yml', 'small.yml');
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot read \.: it is a directory\n {2}name the files in it, e\.g\. \S+\.ya?ml\n/);
    expect(stderr).toContain('cannot read nowhere.yml: no such file or directory');
    expect(stderr).toContain('small.yml: valid');
  });
});

describe('standard input among files', () => {
  it('is checked where it was typed, alone and beside others', async () => {
    for (const files of [['-'], ['small.yml', '-']]) {
      const { code, stderr } = await gvlsim(['validate', ...files], { cwd: folder.path, input: 'version: 1\n' });
      expect([code, stderr.match(/^-: .*$/m)?.[0]]).toEqual([2, '-: 5 problems']);
    }
  });
});
