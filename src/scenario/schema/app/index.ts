import { BOOT_FREE_RATIO, DEFAULT_RESIDENT_OBJECTS } from '../../../model/gc/policies.js';
import {
  count,
  duration,
  flag,
  list,
  named,
  oneOf,
  optional,
  preset,
  ratio,
  record,
  text,
  type ValueOf,
} from '../../../schema/index.js';
import { memory } from './memory.js';
import { objectSizes } from './object-sizes.js';
import { requestClass } from './request-class.js';

export type { SizeText } from './object-sizes.js';
export type { PhaseText } from './phase.js';
export type { ClassText } from './request-class.js';

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

const recorded = record('Demands of recorded requests, from a CSV file with the column phases.', {
  file: text({ doc: 'CSV file, relative to the file that names it; .csv.gz too.' }),
  order: preset(oneOf(['sequential', 'random'], 'Which row a request takes: the next one, or any.'), 'sequential'),
  repeat: preset(flag('Start again when the rows are used up; otherwise the load ends.'), false),
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
    boot_free_slots: preset(
      ratio({
        doc: 'Share of the slots of the Ruby heap that are free when the application has been loaded, those of pages that may be added without a collection included. When the first collections come, and whether the heap grows then, hangs on it; heaps of booted processes had 0.1 to 0.4.',
        below: 1,
      }),
      BOOT_FREE_RATIO,
    ),
    object_sizes: optional(objectSizes),
  },
  { exclusive: [['classes', 'recorded']] },
);

export type AppText = ValueOf<typeof appSchema>;
