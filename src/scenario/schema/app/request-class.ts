import { randomDuration } from '../../../random/distributions/params.js';
import {
  count,
  decimal,
  described,
  list,
  optional,
  preset,
  record,
  size,
  text,
  type ValueOf,
} from '../../../schema/index.js';
import { phase } from './phase.js';

export const requestClass = record(
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
    body: preset(
      size({ doc: 'Size of the body of the request; counts where clients.send_rate says how fast clients send it.' }),
      '0B',
    ),
    response: preset(
      size({ doc: 'Size of the answer; counts where clients.receive_rate says how fast clients take it in.' }),
      '0B',
    ),
    allocations: preset(count({ doc: 'Objects allocated by one request, spread evenly over its CPU time.' }), 0),
    objects_kept: preset(
      count({
        doc: 'How many of them outlive the request, for ever, scattered evenly among the others, besides those of malloc_kept; contents that fit into no slot (app.object_sizes) stay with them. Counts with app.memory.',
      }),
      0,
    ),
    malloc: preset(
      size({ doc: 'Memory allocated outside the heap of objects by one request, spread evenly over its CPU time.' }),
      '0B',
    ),
    malloc_held: preset(
      size({
        doc: 'How much of malloc, and of the objects that its blocks belong to, lives until the request ends; the rest is garbage at once. Counts with app.memory.',
      }),
      '0B',
    ),
    malloc_kept: preset(
      size({
        doc: 'How much of malloc, and of the objects that its blocks belong to, outlives the request, up to app.memory.cache. Counts with app.memory.',
      }),
      '0B',
    ),
    malloc_block: preset(
      size({
        doc: "Size of the malloc'ed blocks on average, each of which belongs to an object. Counts with app.memory.",
        min: 1,
      }),
      '256B',
    ),
    native_malloc: optional(
      record(
        'What native code mallocs and frees again without the GVL, so that threads may meet at an arena. Counts with app.memory.',
        {
          per_ms: decimal({
            doc: 'Pairs of malloc and free for each millisecond of native code when nobody else is at the arena.',
            above: 0,
            max: 50_000,
          }),
          block: preset(
            size({ doc: 'Size of the blocks; those up to 1032B come from the cache of the thread mostly.', min: 1 }),
            '4KiB',
          ),
          held: preset(size({ doc: 'What it has at a time, until the native phase ends.' }), '0B'),
        },
        { merge: 'deep' },
      ),
    ),
  },
  {
    exclusive: [
      ['phases', 'cpu'],
      ['phases', 'io'],
    ],
  },
);

export type ClassText = ValueOf<typeof requestClass>;
