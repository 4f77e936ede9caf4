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

  it('say where a key belongs that stands in the wrong map', () => {
    const { problems } = load(scenario({ server: 'server: unicorn', more: 'cores: 4\nrate: 3/s\ncpu: 5ms\nspeed: 9' }));
    expect(problems.map(({ path, message, hint }) => `${path}: ${message} ${hint.split(':')[0]}`)).toEqual([
      expect.stringMatching(/^server: .* write \{unicorn$/),
      'cores: unknown key here; there is host.cores allowed',
      'rate: unknown key here; there is load.open.rate allowed',
      'cpu: unknown key here; there is app.classes[].cpu allowed',
      'speed: unknown key allowed',
    ]);
  });

  it('are broken where the terminal ends', () => {
    const text = formatProblems(load(scenario({ server: 'server: {puma: {proceses: 2}}' })).problems, { width: 50 });
    expect(text.split('\n').slice(0, 7)).toEqual([
      'case.yml: 1 problem',
      '  case.yml:4:17  server.puma.proceses  SCN_UNKNOWN_KEY',
      '        unknown key; did you mean "workers"?',
      '        server: {puma: {proceses: 2}}',
      '                        ^^^^^^^^',
      '        hint: allowed: version, workers,',
      expect.stringMatching(/^ {14}threads, /),
    ]);
    const lines = text.split('\n').filter((line) => !line.includes('SCN_'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
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

  it('of the same where the rate comes in steps', () => {
    const steps = (last: string): string =>
      `load: {open: {rate: [{from: 0s, rate: 20/s}, {from: 10s, rate: ${last}}]}}`;
    const told = (changes: Parameters<typeof scenario>[0]): string[] =>
      load(scenario({ more: 'operations: [reload: {at: 9s}, reload: {at: 30s}]', ...changes }))
        .warnings.filter(({ code }) => code === 'SCN_TOO_LATE')
        .map(({ path, message }) => `${path}: ${message}`);
    expect(told({ load: steps('10/s') })).toEqual([]);
    expect(told({ load: steps('0/s') })).toEqual([
      'operations[1]: begins at 30s, when the last request has come: the rate is 0 from 10s on',
    ]);
    // 200 in 10 s, the other 100 in 10 s more
    expect(told({ load: steps('10/s'), run: 'run: {requests: 300}' })).toEqual([
      'operations[1]: begins at 30s, when the last request has come: 300 requests at these rates have come after about 20s',
    ]);
    expect(told({ load: steps('10/s'), run: 'run: {requests: 100}' })).toEqual([
      'load.open.rate[1]: begins at 10s: the load ends at about 5s',
      'operations[0]: begins at 9s, when the last request has come: 100 requests at these rates have come after about 5s',
      'operations[1]: begins at 30s, when the last request has come: 100 requests at these rates have come after about 5s',
    ]);
    expect(told({ load: steps('10/s'), run: 'run: {duration: 8s}' })[0]).toBe(
      'load.open.rate[1]: begins at 10s: the load ends at 8s',
    );
  });

  const python = 'python: {}';
  const kept = 'load: {closed: {users: 5, keep_alive: true}}';
  const withRackTimeout = 'app: {rack_timeout: {service_timeout: 15s}, classes: [{name: web, cpu: 10ms}]}';
  it.each<[what: string, changes: Parameters<typeof scenario>[0], told: string]>([
    [
      'threads of gevent',
      { ruby: python, server: 'server: {gunicorn: {worker_class: gevent, threads: 4}}' },
      '4:43 SCN_NO_EFFECT server.gunicorn.threads',
    ],
    [
      'connections of a sync worker',
      { ruby: python, server: 'server: {gunicorn: {worker_connections: 5}}' },
      '4:21 SCN_NO_EFFECT server.gunicorn.worker_connections',
    ],
    [
      'more threads than connections',
      { ruby: python, server: 'server: {gunicorn: {worker_class: gthread, threads: 8, worker_connections: 4}}' },
      '4:44 SCN_NO_EFFECT server.gunicorn.threads',
    ],
    [
      'jitter of nothing',
      { ruby: python, server: 'server: {gunicorn: {max_requests_jitter: 5}}' },
      '4:21 SCN_NO_EFFECT server.gunicorn.max_requests_jitter',
    ],
    [
      'connections kept with Unicorn',
      { server: 'server: {unicorn: {}}', load: kept },
      '6:27 SCN_NO_EFFECT load.closed.keep_alive',
    ],
    [
      'connections kept with Puma that reads in the thread',
      { server: 'server: {puma: {queue_requests: false}}', load: kept },
      '6:27 SCN_NO_EFFECT load.closed.keep_alive',
    ],
    ['connections kept to a proxy', { load: kept, more: 'proxy: {}' }, '6:27 SCN_NO_EFFECT load.closed.keep_alive'],
    [
      'a Rack::Timeout behind the timeout of Unicorn',
      { server: 'server: {unicorn: {timeout: 5s}}', app: withRackTimeout },
      '4:20 SCN_NO_EFFECT server.unicorn.timeout',
    ],
    [
      'a Rack::Timeout behind the timeout of Pitchfork',
      { server: 'server: {pitchfork: {timeout: 5s}}', app: withRackTimeout },
      '4:22 SCN_NO_EFFECT server.pitchfork.timeout',
    ],
    [
      'workers missing from a reforking that never comes',
      { server: 'server: {pitchfork: {refork_max_unavailable: 1}}' },
      '4:22 SCN_NO_EFFECT server.pitchfork.refork_max_unavailable',
    ],
    [
      'as many workers missing as there are',
      { server: 'server: {pitchfork: {worker_processes: 2, refork_max_unavailable: 2, refork_after: [50]}}' },
      '4:43 SCN_NO_EFFECT server.pitchfork.refork_max_unavailable',
    ],
    [
      'check-ins that nobody looks at',
      { server: 'server: {puma: {workers: 2, worker_check_interval: 50s}}' },
      '4:29 SCN_NO_EFFECT server.puma.worker_check_interval',
    ],
    [
      'memory of a worker that never forks',
      { server: 'server: {resque: {fork_per_job: false, memory: 100MiB}}' },
      '4:40 SCN_NO_EFFECT server.resque.memory',
    ],
    ['a quota above the cores', { host: 'host: {cores: 2, cpu_quota: 8}' }, '2:18 SCN_NO_EFFECT host.cpu_quota'],
    ['the period of no quota', { host: 'host: {cores: 2, cpu_period: 50ms}' }, '2:18 SCN_NO_EFFECT host.cpu_period'],
    [
      'free slots of a heap that nobody follows',
      { ruby: 'ruby: {gc: off}', app: 'app: {boot_free_slots: 0.1, classes: [{name: web, cpu: 10ms}]}' },
      '5:7 SCN_NO_EFFECT app.boot_free_slots',
    ],
    [
      'sizes of objects without a heap to follow',
      {
        ruby: 'ruby: {gc: off}',
        app: 'app: {object_sizes: {resident: [{size: 640B}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      '5:22 SCN_NO_EFFECT app.object_sizes.resident',
    ],
    [
      'sizes of objects without a heap to follow, and without memory to hold their contents',
      {
        ruby: 'ruby: {gc: off}',
        app: 'app: {object_sizes: {allocated: [{size: 1KiB}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      '5:22 SCN_NO_EFFECT app.object_sizes.allocated',
    ],
    [
      'sizes of objects of Python',
      {
        ruby: 'python: {}',
        server: 'server: {gunicorn: {}}',
        app: 'app: {memory: {}, object_sizes: {allocated: [{size: 1KiB}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      '5:34 SCN_NO_EFFECT app.object_sizes.allocated',
    ],
    [
      'sizes of loaded objects where all have slots of 40 bytes',
      {
        ruby: 'ruby: {version: "3.1"}',
        app: 'app: {object_sizes: {resident: [{size: 640B}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      '5:22 SCN_NO_EFFECT app.object_sizes.resident',
    ],
    ['a body that nobody has', { more: 'clients: {send_rate: 1MiB}' }, '8:11 SCN_NO_EFFECT clients.send_rate'],
    ['an answer that nobody has', { more: 'clients: {receive_rate: 1MiB}' }, '8:11 SCN_NO_EFFECT clients.receive_rate'],
    [
      'a restart of all hosts at the same time',
      { more: 'load_balancer: {hosts: 2}\noperations: [rolling_restart: {at: 1s, at_a_time: 2}]' },
      '9:40 SCN_NO_EFFECT operations[0].rolling_restart.at_a_time',
    ],
    [
      'a host that is back before anybody notices',
      { more: 'load_balancer: {hosts: 2}\noperations: [host_loss: {at: 1s, back_after: 5s, noticed_after: 10s}]' },
      '9:14 SCN_NO_EFFECT operations[0].host_loss',
    ],
    [
      'threads of which none can be taken away',
      { server: 'server: {puma: {threads: 1}}', more: 'control: {adaptive_threads: {}}' },
      '8:11 SCN_NO_EFFECT control.adaptive_threads',
    ],
    [
      'connections of no pool',
      {
        app: 'app: {rack_timeout: {service_timeout: 1s, breaks_connections: 0.5}, classes: [{name: web, cpu: 10ms}]}',
      },
      '5:43 SCN_NO_EFFECT app.rack_timeout.breaks_connections',
    ],
    [
      'threads for calls that nobody makes',
      { app: 'app: {async_threads: 4, classes: [{name: web, cpu: 10ms}]}' },
      '5:7 SCN_NO_EFFECT app.async_threads',
    ],
    [
      'a full queue in front of a web server',
      { load: 'load: {backlog: {jobs: 100}}', run: '' },
      '6:8 SCN_COMBINATION load.backlog',
    ],
    [
      'jobs that are refused',
      { server: 'server: {sidekiq: {}}', more: 'control: {admission: {fixed: {limit: 1}}}' },
      '8:11 SCN_COMBINATION control.admission',
    ],
    [
      'jobs that get too old',
      { server: 'server: {sidekiq: {}}', more: 'control: {shed_by_queue_age: {limit: 1s}}' },
      '8:11 SCN_COMBINATION control.shed_by_queue_age',
    ],
  ])('of %s', (_, changes, told) => {
    const { problems, warnings } = load(scenario(changes));
    expect(problems).toEqual([]);
    expect(warnings.map(({ line, column, code, path }) => `${line}:${column} ${code} ${path}`)).toEqual([told]);
  });

  it('is not given for the same words where they count', () => {
    for (const changes of [
      { ruby: python, server: 'server: {gunicorn: {worker_class: gevent, worker_connections: 5}}' },
      {
        ruby: python,
        server: 'server: {gunicorn: {worker_class: gthread, threads: 4, max_requests: 9, max_requests_jitter: 5}}',
      },
      { load: kept },
      { server: 'server: {unicorn: {timeout: 15s}}', app: withRackTimeout },
      { server: 'server: {pitchfork: {worker_processes: 3, refork_max_unavailable: 1, refork_after: [50]}}' },
      { server: 'server: {puma: {workers: 2, worker_timeout: 60s, worker_check_interval: 50s}}' },
      { server: 'server: {resque: {memory: 100MiB}}' },
      { host: 'host: {cores: 2, cpu_quota: 1.5, cpu_period: 50ms}' },
      { app: 'app: {boot_free_slots: 0.1, classes: [{name: web, cpu: 10ms}]}' },
      {
        app: 'app: {object_sizes: {resident: [{size: 80B}], allocated: [{size: 80B}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      {
        ruby: 'ruby: {version: "3.1"}',
        app: 'app: {object_sizes: {allocated: [{size: 80B}]}, classes: [{name: web, cpu: 10ms}]}',
      },
      {
        ruby: 'ruby: {gc: off}',
        app: 'app: {memory: {}, object_sizes: {allocated: [{size: 1KiB}]}, classes: [{name: web, cpu: 10ms}]}',
      },
    ]) {
      expect(load(scenario(changes)).warnings).toEqual([]);
    }
  });
});
