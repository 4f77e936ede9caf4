/** Scenarios of everything with everything: every part of the language is there or not, with small random settings. */
import fc from 'fast-check';

type Json = Readonly<Record<string, unknown>>;

const ms = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map((n) => `${n}ms`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const some = (keys: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> =>
  fc.record(keys, { requiredKeys: [] });
const oneOf = (keys: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> =>
  fc.oneof(...Object.entries(keys).map(([key, value]) => value.map((settings) => ({ [key]: settings }))));
const few = fc.integer({ min: 1, max: 3 });
const boot_time = fc.constantFrom('0s', '30ms', '400ms');
const backlog = fc.constantFrom(2, 1024);

const server = oneOf({
  puma: some({
    version: fc.constantFrom('5.6', '6.6', '7.2', '8.0'),
    workers: fc.integer({ min: 0, max: 3 }),
    threads: few,
    preload_app: fc.boolean(),
    queue_requests: fc.boolean(),
    worker_timeout: fc.constant('6s'),
    drain_then_kill: ms(20, 300),
    boot_time,
    backlog,
  }),
  unicorn: some({
    version: fc.constantFrom('6.0', '6.1'),
    worker_processes: few,
    timeout: fc.constant('3s'),
    preload_app: fc.boolean(),
    check_client_connection: fc.boolean(),
    boot_time,
    backlog,
  }),
  pitchfork: some({
    worker_processes: few,
    timeout: fc.constant('1s'),
    refork_after: fc.constant([5, 20]),
    backlog,
  }),
  falcon: some({ count: few, connections: fc.integer({ min: 1, max: 6 }), boot_time, backlog }),
  gunicorn: some({
    workers: few,
    threads: few,
    worker_class: fc.constantFrom('sync', 'gthread', 'gevent'),
    worker_connections: fc.integer({ min: 1, max: 5 }),
    timeout: fc.constantFrom('0s', '1s'),
    graceful_timeout: fc.constantFrom('0s', '1s'),
    max_requests: fc.integer({ min: 0, max: 20 }),
    max_requests_jitter: fc.integer({ min: 0, max: 5 }),
    preload_app: fc.boolean(),
    boot_time,
    backlog,
  }),
  sidekiq: some({
    processes: few,
    concurrency: few,
    preload_app: fc.boolean(),
    timeout: ms(10, 500),
    recover_after: ms(10, 2000),
    boot_time,
  }),
  resque: some({ workers: few, interval: ms(1, 200), fork_per_job: fc.boolean(), boot_time }),
  ideal: some({ processes: few, threads: few, ractors: few }),
});

const takes = ms(1, 60).map((mean) => ({ exponential: { mean } }));
const phase = oneOf({
  cpu: takes,
  io: takes,
  hold: ms(1, 20),
  short_holds: ms(1, 20),
  native: ms(1, 20),
  call: takes.map((length) => ({ to: 'db', takes: length })),
  load_async: takes.map((length) => ({ to: 'db', calls: 3, takes: length })),
  synchronize: takes.map((length) => ({ mutex: 'm', cpu: '2ms', io: length })),
  allocate: fc.integer({ min: 1, max: 20_000 }).map((objects) => ({ objects })),
});

const app = fc
  .tuple(
    fc.array(phase, { minLength: 1, maxLength: 5 }),
    some({
      allocations: fc.integer({ min: 0, max: 20_000 }),
      malloc: fc.constantFrom('0B', '200KiB'),
      body: fc.constantFrom('0B', '50KiB'),
      response: fc.constantFrom('0B', '500KiB'),
    }),
    some({
      rack_timeout: some({
        service_timeout: ms(20, 200),
        breaks_connections: fc.constantFrom(0, 0.5),
        term_on_timeout: few,
      }),
      memory: some({
        static: fc.constant('40MiB'),
        worker_killer: oneOf({ rss: fc.constantFrom('20MiB', '1GiB'), pss: fc.constantFrom('20MiB', '1GiB') }),
        max_requests: fc.integer({ min: 3, max: 30 }),
      }),
    }),
    some({ size: few, checkout_timeout: ms(5, 200), held: fc.constantFrom('call', 'request') }),
  )
  .map(([phases, others, rest, pool]) => ({
    classes: [{ name: 'default', phases, ...others }],
    services: { db: { capacity: 3, pool: { size: 2, ...pool } } },
    ...rest,
  }));

const load = oneOf({
  open: fc.integer({ min: 5, max: 150 }).map((perSec) => ({ rate: `${perSec}/s`, at_start: perSec % 7 })),
  closed: fc.record({ users: fc.integer({ min: 1, max: 8 }), think: ms(0, 50), keep_alive: fc.boolean() }),
  backlog: fc.record({ jobs: fc.integer({ min: 1, max: 60 }) }),
});

const clients = some({
  timeout: ms(20, 500),
  retries: some({ max: few, backoff: ms(0, 100), budget: fc.constant(0.5) }),
  send_rate: fc.constantFrom('1MiB', '100MiB'),
  receive_rate: fc.constantFrom('1MiB', '100MiB'),
});

const control = some({
  shed_by_queue_age: fc.record({ limit: ms(10, 300) }),
  admission: oneOf({ fixed: fc.record({ limit: few }), aimd: fc.constant({}), gradient: fc.constant({}) }),
  adaptive_threads: fc.record({ interval: ms(10, 200) }),
  autoscaler: fc.record({
    signal: fc.constantFrom(
      { cpu: { target: 0.5 } },
      { busy: { target: 0.7 } },
      { queue_time: { up_above: '30ms', down_below: '5ms' } },
    ),
    min: fc.constant(1),
    max: fc.constant(4),
    period: ms(100, 400),
    boot: ms(10, 400),
    down_after: ms(100, 600),
  }),
});

const at = ms(0, 1500);
const within = fc.constantFrom('1s', '30s');
const operation = oneOf({
  phased_restart: fc.record({ at, within }),
  reload: fc.record({ at, within }),
  full_restart: fc.record({ at, within, quiet: fc.constantFrom('0s', '0s', '0s', '100ms') }),
  rolling_restart: fc.record({ at, within, grace: ms(0, 100), at_a_time: few }),
  worker_loss: fc.record({ at, host: fc.nat(1), worker: fc.nat(1) }),
  host_loss: some({
    at,
    host: fc.nat(1),
    back_after: ms(1, 500),
    noticed_after: ms(1, 300),
    silent: fc.constant(true),
  }).map((loss) => ({
    at: '300ms',
    ...loss,
  })),
});

const ruby = some({
  version: fc.constantFrom('2.7', '3.1', '3.3', '3.4'),
  gc: fc.constantFrom('on', 'off'),
  yjit: fc.constant({}),
  timeslice: fc.constant('10ms'),
  out_of_band_gc: fc.constant({ requests: 10 }),
});

interface Parts {
  readonly server: Json;
  readonly app: Json;
  readonly load: Json;
  readonly load_balancer?: Json | undefined;
  readonly clients?: Json | undefined;
  readonly control?: Json | undefined;
  readonly operations?: readonly Json[] | undefined;
}

const without = (from: Json | undefined, key: string): Json | undefined =>
  from && Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));

/** Without most of what is known not to go together, so that enough is left that runs. */
function tidied<P extends Parts>(parts: P): P {
  const [kind = '', settings] = Object.entries(parts.server)[0]!;
  const hasBalancer = parts.load_balancer !== undefined;
  const isRack = ['puma', 'unicorn', 'pitchfork', 'ideal'].includes(kind);
  const isKept = !hasBalancer && parts.clients?.timeout === undefined;
  let control = kind === 'puma' ? parts.control : without(parts.control, 'adaptive_threads');
  if (!hasBalancer) control = without(control, 'autoscaler');
  const closed = parts.load.closed as Json | undefined;
  const single = (settings as Json).workers === undefined || (settings as Json).workers === 0;
  const isPlain = kind === 'puma' && single;
  const possible = (parts.operations ?? []).flatMap((operation) => {
    const [name = '', how] = Object.entries(operation)[0]!;
    if (name === 'rolling_restart' && !hasBalancer) return [];
    if (name === 'phased_restart' && kind === 'puma') return [];
    if (name === 'full_restart' && kind !== 'sidekiq') return [{ [name]: without(how as Json, 'quiet') }];
    return [
      name.endsWith('loss')
        ? { [name]: { ...(how as Json), host: 0, ...(name === 'worker_loss' && { worker: 0 }) } }
        : operation,
    ];
  });
  return {
    ...parts,
    server: isPlain ? { puma: without(without(settings as Json, 'worker_timeout'), 'drain_then_kill') } : parts.server,
    app: isRack ? parts.app : without(parts.app, 'rack_timeout')!,
    load: closed && !isKept ? { closed: without(closed, 'keep_alive') } : parts.load,
    control,
    operations: kind === 'ideal' || possible.length === 0 ? undefined : possible,
  };
}

/** As JSON, which is YAML. At most two simulated seconds of arrivals. */
export const randomScenario: fc.Arbitrary<string> = fc
  .record({
    host: fc
      .tuple(
        few,
        some({
          cpu_quota: fc.constantFrom(0.5, 1.5),
          memory: fc.constantFrom('120MiB', '8GiB'),
          scheduler: fc.constantFrom({ processor_sharing: {} }, { time_slices: {} }),
        }),
      )
      .map(([cores, others]) => ({ cores, ...others })),
    ruby: maybe(ruby),
    server,
    app,
    load,
    load_balancer: maybe(
      fc.record({
        hosts: few,
        balance: fc.constantFrom('random', 'round_robin', 'least_connections', 'power_of_two_choices'),
      }),
    ),
    proxy: maybe(some({ buffering: fc.boolean(), read_timeout: fc.constant('1s') })),
    clients: maybe(clients),
    control: maybe(control),
    operations: maybe(fc.array(operation, { minLength: 1, maxLength: 3 })),
    overheads: fc.constantFrom('measured', 'none'),
    isTidy: fc.constantFrom(true, true, true, false),
  })
  .map(({ ruby: written, isTidy, ...drawn }) => {
    const parts = isTidy ? tidied(drawn) : drawn;
    const isPython = 'gunicorn' in parts.server;
    const language = isPython ? { python: {} } : { ruby: written };
    const run = 'backlog' in parts.load ? { replications: 1 } : { replications: 1, duration: '2s', warmup: 0 };
    return JSON.stringify({ version: 1, ...parts, ...language, run }, null, 1);
  });
