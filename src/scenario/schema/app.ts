import { DEFAULT_RESIDENT_OBJECTS } from '../../model/gc/policies.js';
import { randomCount, randomDuration } from '../../random/distributions/params.js';
import {
  count,
  decimal,
  described,
  duration,
  flag,
  list,
  named,
  oneKey,
  oneOf,
  optional,
  preset,
  ratio,
  record,
  size,
  text,
  textOr,
  type ValueOf,
} from '../../schema/index.js';

const serviceName = text({ doc: 'Name of a service in app.services.' });

const phase = oneKey('One phase of a request: what it needs next, and for how long.', {
  cpu: described('Ruby code: needs the GVL and a core.', randomDuration),
  io: described('Waits, with the GVL released and no core.', randomDuration),
  hold: described(
    'Holds the GVL without a core: C calls that block without releasing the lock, one after the other, so that other threads get their time slices.',
    randomDuration,
  ),
  stall: described(
    'The same in a single C call: no other thread of the process runs before it returns, however long it takes.',
    randomDuration,
  ),
  native: described('Needs a core but not the GVL: a C call that works after releasing the lock.', randomDuration),
  allocate: record(
    'Ruby code that allocates; its CPU time follows from the allocations.',
    {
      objects: described('Objects allocated.', randomCount),
      kept: preset(count({ doc: 'How many of the objects live until the request ends.' }), 0),
    },
    { merge: 'whole' },
  ),
  call: record(
    'Calls a named service and waits for its answer, with the GVL released; through its pool of connections if it has one.',
    {
      to: serviceName,
      takes: described('Time that the service needs for it, alone.', randomDuration),
    },
    { merge: 'whole' },
  ),
  load_async: record(
    'Several calls of a named service at the same time, made by the threads of app.async_threads; goes on when all are answered.',
    {
      to: serviceName,
      calls: count({ doc: 'Number of calls.', min: 1, max: 100 }),
      takes: described('Time that the service needs for each, alone.', randomDuration),
    },
    { merge: 'whole' },
  ),
  synchronize: record(
    'Ruby code, and a wait if there is one, under a mutex of the process.',
    {
      mutex: text({ doc: 'Name of the mutex.' }),
      cpu: described('Ruby code.', randomDuration),
      io: optional(described('A wait after it, the mutex still locked.', randomDuration)),
    },
    { merge: 'whole' },
  ),
});

const service = record('A database, cache or API that requests call; all processes share it.', {
  capacity: optional(
    count({ doc: 'Calls that it works on at the same time; the others wait. Left out: all.', min: 1 }),
  ),
  pool: optional(
    record('Connections of each process to it. Left out: as many as are needed.', {
      size: count({ doc: 'Connections of a process (pool in database.yml).', min: 1 }),
      checkout_timeout: preset(
        duration({ doc: 'How long a thread waits for one before its request fails.', min: 1 }),
        '5s',
      ),
      held: preset(
        oneOf(
          ['call', 'request'],
          'How long a thread keeps its connection: for the call (Rails 7.2 and later), or to the end of the request.',
        ),
        'request',
      ),
    }),
  ),
});

const requestClass = record(
  'A class of requests that behave alike.',
  {
    name: text({
      doc: 'Name in the results.',
      pattern: /^[^\s,"]+$/,
      expected: 'a name without blanks, commas and quotes',
    }),
    weight: preset(decimal({ doc: 'Relative frequency among the classes.', above: 0, max: 1e9 }), 1),
    cpu: optional(
      described(
        'Ruby code in total; drawn once and divided evenly before, between and after the waits.',
        randomDuration,
      ),
    ),
    io: optional(
      record(
        'Waits for I/O, spread evenly through the CPU time.',
        {
          calls: preset(count({ doc: 'Number of waits.', max: 10_000 }), 1),
          each: described('Length of each wait.', randomDuration),
        },
        { merge: 'deep' },
      ),
    ),
    phases: optional(list(phase, 'The phases in order, instead of cpu and io.')),
    response: preset(
      size({ doc: 'Size of the answer; counts where clients.receive_rate says how fast clients take it in.' }),
      '0B',
    ),
    allocations: preset(count({ doc: 'Objects allocated by one request, spread evenly over its CPU time.' }), 0),
    objects_kept: preset(
      count({
        doc: 'How many of them outlive the request, for ever, scattered evenly among the others. Counts with app.memory.',
      }),
      0,
    ),
    malloc: preset(
      size({ doc: 'Memory allocated outside the heap of objects by one request, spread evenly over its CPU time.' }),
      '0B',
    ),
    malloc_held: preset(
      size({
        doc: 'How much of malloc lives until the request ends; the rest is garbage at once. Counts with app.memory.',
      }),
      '0B',
    ),
    malloc_kept: preset(
      size({ doc: 'How much of malloc outlives the request, up to app.memory.cache. Counts with app.memory.' }),
      '0B',
    ),
    malloc_block: preset(
      size({ doc: "Size of the malloc'ed blocks on average. Counts with app.memory.", min: 1 }),
      '256B',
    ),
  },
  {
    exclusive: [
      ['phases', 'cpu'],
      ['phases', 'io'],
    ],
  },
);

const recorded = record('Demands of recorded requests, from a CSV file with the column phases.', {
  file: text({ doc: 'CSV file, relative to the file that names it; .csv.gz too.' }),
  order: preset(oneOf(['sequential', 'random'], 'Which row a request takes: the next one, or any.'), 'sequential'),
  repeat: preset(flag('Start again when the rows are used up; otherwise the load ends.'), false),
});

const memory = record('Memory of the processes; left out: not simulated.', {
  static: optional(size({ doc: 'Resident memory of a process that has loaded the application.' })),
  processing: optional(
    size({ doc: 'Memory that one thread needs while it serves a request, besides what its class allocates.' }),
  ),
  copy_on_write: optional(
    textOr(
      oneOf(
        ['none', 'perfect'],
        'The textbook sum, processes x (static + threads x processing), with a fixed rule for what forked processes share: none, or all static memory. Left out: memory follows from heap pages, malloc and copy-on-write.',
      ),
      record(
        'The textbook sum with a share of the static memory shared.',
        { shared: ratio({ doc: 'Share of the static memory that stays shared.' }) },
        { merge: 'whole' },
      ),
    ),
  ),
  cache: optional(
    size({
      doc: 'How much of what requests keep beyond their end (malloc_kept) a process holds: newer replaces older. Left out: no limit, a leak.',
    }),
  ),
  code: optional(
    record('Code of the application, whose inline caches are written on first execution.', {
      methods: count({ doc: 'Methods of the application.' }),
      per_request: count({ doc: 'Distinct methods that a request executes on average.' }),
    }),
  ),
  lazy: preset(
    size({ doc: 'Memoised data: what the first request of a process writes into memory it has inherited.' }),
    '0B',
  ),
  boot_sweep: preset(
    oneOf(
      ['early', 'late'],
      'How far the last sweep of the boot has come when workers are forked, without ruby.warmup: early, it still comes to the pages of the loaded application and writes them within some ten thousand objects; late, it is past them, and the first collection of the worker writes them. Which of the two it is depends on some thousand objects at boot: late if private memory of a new worker rises by less than a tenth of the Ruby heap in its first request.',
    ),
    'early',
  ),
  jit: preset(
    size({ doc: 'Machine code that a just-in-time compiler adds to each process while methods reach 30 calls.' }),
    '0B',
  ),
  worker_killer: optional(
    record('Replaces workers that have grown too large, when they have answered their request.', {
      rss: optional(size({ doc: 'Largest resident set size, shared pages included.' })),
      pss: optional(size({ doc: 'Largest proportional set size.' })),
      uss: optional(size({ doc: 'Most private memory.' })),
      every: preset(duration({ doc: 'Time between two looks.', min: 1_000_000 }), '10s'),
    }),
  ),
  max_requests: optional(count({ doc: 'A worker is replaced after so many requests.', min: 1 })),
});

const rackTimeout = record('Rack::Timeout: an exception is raised in a thread whose request takes too long.', {
  service_timeout: preset(
    duration({ doc: 'Longest time from the first instruction of the application.', min: 1_000_000 }),
    '15s',
  ),
  breaks_connections: preset(
    ratio({
      doc: 'Probability that a connection of a pool is broken that the thread has at that moment: nobody gets it any more until the process is replaced.',
    }),
    0,
  ),
  term_on_timeout: optional(
    count({ doc: 'Timeouts after which a process is asked to end and replaced. Default: never.', min: 1 }),
  ),
});

/** What the requests are. */
export const appSchema = record(
  'What the requests need.',
  {
    classes: optional(list(requestClass, 'Classes of requests.')),
    recorded: optional(recorded),
    services: optional(named(service, 'Downstream services by name.')),
    async_threads: optional(
      count({
        doc: 'Threads of each process that make the calls of load_async (global_executor_concurrency). Default: 4.',
        min: 1,
      }),
    ),
    rack_timeout: optional(rackTimeout),
    memory: optional(memory),
    resident_objects: preset(
      count({ doc: 'Live objects of the loaded application in every process before the first request.' }),
      DEFAULT_RESIDENT_OBJECTS,
    ),
  },
  { exclusive: [['classes', 'recorded']] },
);

export type AppText = ValueOf<typeof appSchema>;
export type ClassText = ValueOf<typeof requestClass>;
export type PhaseText = ValueOf<typeof phase>;
