import { describe, expect, it } from 'vitest';
import { formatProblems } from '../../src/scenario/index.js';
import { CODES } from '../../src/schema/index.js';
import { BAD_INPUTS, scenario } from './bad-inputs.js';
import { load, places } from './load-text.js';

describe('a scenario with one thing wrong', () => {
  it.each(BAD_INPUTS)('$what', ({ text, files, problems, says }) => {
    const loaded = load(text, files);
    expect(places(loaded)).toEqual(problems);
    expect(loaded.experiment).toBeNull();
    expect(loaded.problems.map((p) => `${p.message} ${p.hint}`).join('\n')).toContain(says);
  });

  it('may be thousands of brackets, told at the place where the parser gave up', () => {
    const { problems } = load(`version: 1\napp: ${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(problems.map(({ code, message }) => ({ code, message }))).toEqual([
      { code: 'SCN_YAML', message: 'more than 100 levels deep' },
    ]);
  });

  it('has a documented code', () => {
    const codes = BAD_INPUTS.flatMap(({ text, files }) => load(text, files).problems.map((p) => p.code));
    expect(Object.keys(CODES)).toEqual(expect.arrayContaining(codes));
  });

  it('is nothing but that: the good scenario loads', () => {
    expect(load(scenario()).problems).toEqual([]);
  });
});

describe('several problems', () => {
  const text = scenario({ host: 'host: {cores: "2"}', server: 'server: {puma: {proceses: 2, threads: "5"}}' });

  it('are all reported, in the order of the file', () => {
    expect(places(load(text))).toEqual([
      '2:15 SCN_TYPE host.cores',
      '4:17 SCN_UNKNOWN_KEY server.puma.proceses',
      '4:39 SCN_TYPE server.puma.threads',
    ]);
  });

  it('are shown with place, path, code, source line, carets and hint', () => {
    expect(formatProblems(load(text).problems)).toBe(
      [
        'case.yml: 3 problems',
        '  case.yml:2:15  host.cores            SCN_TYPE         expected a whole number from 1 to 1024, received the text "2"',
        '        host: {cores: "2"}',
        '                      ^^^                       hint: write 2 without quotes',
        '  case.yml:4:17  server.puma.proceses  SCN_UNKNOWN_KEY  unknown key; did you mean "workers"?',
        '        server: {puma: {proceses: 2, threads: "5"}}',
        '                        ^^^^^^^^                hint: allowed: version, workers, threads, wait_for_less_busy_worker, queue_requests, preload_app, fork_worker, thread_priority, boot_time, worker_timeout, worker_check_interval, worker_shutdown_timeout, drain_then_kill, backlog',
        '  case.yml:4:39  server.puma.threads   SCN_TYPE         expected a number of threads >= 1, or [min, max], received the text "5"',
        '        server: {puma: {proceses: 2, threads: "5"}}',
        '                                              ^^^  hint: write 5 without quotes',
      ].join('\n'),
    );
  });

  it('found once for all variants, not once for each', () => {
    const both = scenario({ host: 'host: {cores: 0}', more: 'variants: {a: {}, b: {}, c: {}}' });
    expect(places(load(both))).toEqual(['2:15 SCN_RANGE host.cores']);
  });
});

describe('a warning', () => {
  it('of what is done to the system when the last request has come', () => {
    const { problems, warnings } = load(scenario({ more: 'operations: [reload: {at: 59s}, reload: {at: 60s}]' }));
    expect(problems).toEqual([]);
    expect(warnings.map(({ code, path, message }) => `${code} ${path}: ${message}`)).toEqual([
      'SCN_TOO_LATE operations[1]: begins at 1min, when the last request has come: the load ends at 1min',
    ]);
  });

  it('of the same where a number of requests says when the load ends', () => {
    const text = scenario({
      load: 'load: {open: {rate: 10/s}}',
      run: 'run: {requests: 100}',
      more: 'operations: [reload: {at: 9s}, reload: {at: 5min}]',
    });
    expect(load(text).warnings.map(({ code, path, message }) => `${code} ${path}: ${message}`)).toEqual([
      'SCN_TOO_LATE operations[1]: begins at 5min, when the last request has come: 100 requests at 10/s have come after about 10s',
    ]);
  });

  it('of a proxy, clients or a load balancer in front of what fetches its work', () => {
    const more = 'proxy: {}\nclients: {timeout: 1s}\nload_balancer: {hosts: 2}';
    const { problems, warnings } = load(scenario({ server: 'server: {sidekiq: {}}', more }));
    expect(problems).toEqual([]);
    expect(warnings.map(({ line, code, path }) => `${line} ${code} ${path}`)).toEqual([
      '8 SCN_COMBINATION proxy',
      '9 SCN_COMBINATION clients',
      '10 SCN_COMBINATION load_balancer',
    ]);
  });
});
