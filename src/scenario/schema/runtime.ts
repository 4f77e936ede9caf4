import { randomDuration } from '../../random/distributions/params.js';
import {
  count,
  decimal,
  described,
  duration,
  flag,
  oneKey,
  oneOf,
  optional,
  preset,
  record,
  textOr,
  version,
} from '../../schema/index.js';
import { isPythonSimulated, PYTHON_HINT, RUBY_HINT, rubyPolicy } from '../notation/versions.js';
import { rubyEnv } from './ruby-env.js';

const every = textOr(
  duration({ doc: 'Running time of Ruby code of a process between two collections.', min: 1 }),
  record(
    'After so many requests of a process.',
    { requests: count({ doc: 'Requests between two collections.', min: 1 }) },
    { merge: 'whole' },
  ),
);

const gc = textOr(
  oneOf(['on', 'off'], 'Garbage collection: on = driven by what requests allocate; off = none.'),
  record(
    'A collection after every so much, for those who only know that.',
    {
      every,
      pause: described('Length of a collection.', randomDuration),
      major_every: optional(
        count({
          doc: 'Every so many-th is a major one, which also frees what has survived three. Left out: all free everything.',
          min: 1,
        }),
      ),
    },
    { merge: 'whole' },
  ),
);

const malloc = oneKey('The memory allocator; counts with app.memory.', {
  glibc: record("glibc's malloc.", {
    arena_max: optional(
      count({ doc: 'MALLOC_ARENA_MAX: most arenas of a process. Default: 8 x CPUs of the machine.', min: 1 }),
    ),
    cpus: optional(
      count({
        doc: 'CPUs of the machine, which may be more than the cores of the container. Default: host.cores.',
        min: 1,
      }),
    ),
    trim_every: optional(count({ doc: 'malloc_trim after so many requests of a process.', min: 1 })),
  }),
  jemalloc: record('jemalloc 5.', {
    narenas: optional(count({ doc: 'Most arenas of a process. Default: 4 x CPUs, 1 with a single CPU.', min: 1 })),
    cpus: optional(count({ doc: 'CPUs of the machine. Default: host.cores.', min: 1 })),
    dirty_decay: preset(duration({ doc: 'dirty_decay_ms: how long freed pages stay resident.', min: 1 }), '10s'),
  }),
});

/** The Ruby that runs the application. */
export const rubySchema = record('The Ruby that runs the application.', {
  version: preset(
    version({
      doc: 'Version of CRuby; decides how threads take turns at the GVL: 2.6 to 3.2, 3.3 to 4.0, and master differ.',
      expected: 'a version of Ruby from 2.6 to 4.0 such as "3.3", or master',
      accepts: (text) => rubyPolicy(text) !== null,
      hint: RUBY_HINT,
      examples: ['2.7', '3.1', '3.3', '3.4', 'master'],
    }),
    '3.3',
  ),
  gc: preset(gc, 'on'),
  malloc: preset(malloc, { glibc: {} }),
  env: optional(rubyEnv),
  warmup: preset(
    oneOf(
      ['none', 'GC.start', 'GC.compact', 'Process.warmup'],
      'What a process calls once when the application is loaded, before it serves or is forked. Process.warmup exists since Ruby 3.3.',
    ),
    'none',
  ),
  out_of_band_gc: optional(
    record('A full collection (GC.start) between requests, when no thread of the process has one.', {
      requests: count({ doc: 'Requests of a process after which it is due.', min: 1 }),
    }),
  ),
  timeslice: preset(
    duration({
      doc: 'Time a thread may keep the GVL while others wait. RUBY_THREAD_TIMESLICE sets it from Ruby 3.4 on; fixed before.',
      min: 1000,
    }),
    '100ms',
  ),
  mn_threads: preset(
    flag(
      'M:N threads (RUBY_MN_THREADS=1, from Ruby 3.3 on): Ruby threads are coroutines on native threads. Cheaper hand-offs, and time slices of 10ms once a thread has used one up.',
    ),
    false,
  ),
  yjit: optional(
    record('YJIT: Ruby code gets faster in each process once it has been executed often enough there.', {
      speedup: preset(
        decimal({
          doc: 'CPU time of interpreted code over that of compiled code. 1.18 to 1.43 were reported for large applications (15 to 30 % less latency).',
          min: 1,
          max: 100,
        }),
        1.2,
      ),
      call_threshold: preset(
        count({
          doc: 'Requests of a class that a process serves before the code of that class is compiled (--yjit-call-threshold counts calls of a method; here every request calls each of its methods once).',
          max: 1_000_000,
        }),
        30,
      ),
      compile: preset(
        duration({
          doc: 'CPU time of compiling the code of a class in one process, in the request that reaches the threshold.',
        }),
        '0s',
      ),
    }),
  ),
});

/** CPython instead of Ruby. */
export const pythonSchema = record('CPython instead of Ruby.', {
  version: preset(
    version({
      doc: 'Version of CPython (with its global interpreter lock).',
      expected: 'a version of CPython from 3.2 such as "3.12"',
      accepts: isPythonSimulated,
      hint: PYTHON_HINT,
      examples: ['3.12'],
    }),
    '3.12',
  ),
  switch_interval: preset(
    duration({ doc: 'sys.setswitchinterval: time a waiting thread lets pass before it asks for the lock.', min: 1000 }),
    '5ms',
  ),
});
