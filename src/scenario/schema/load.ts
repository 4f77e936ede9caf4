import { randomDuration } from '../../random/distributions/params.js';
import {
  combination,
  count,
  described,
  duration,
  flag,
  list,
  oneKey,
  optional,
  preset,
  rate,
  record,
  type Schema,
  text,
  textOr,
  type ValueOf,
} from '../../schema/index.js';

const step = record(
  'A rate that holds from a time on.',
  {
    from: duration({ doc: 'Start of this rate.' }),
    rate: rate({ doc: 'Arrivals from then on.', mayBeZero: true }),
  },
  { merge: 'whole' },
);

const open = combination(
  'Requests arrive whatever becomes of the earlier ones.',
  {
    rate: textOr(
      rate({ doc: 'Poisson arrivals at this rate.' }),
      list(step, 'Poisson arrivals whose rate changes in steps.'),
    ),
    interarrival: described('Times between arrivals: independent draws.', randomDuration),
    every: duration({ doc: 'Time between arrivals, always the same.', min: 1 }),
    at_start: optional(
      count({ doc: 'Requests that arrive at time 0, all at once, before the others. Default: 0.', max: 10_000_000 }),
    ),
  },
  [['rate'], ['interarrival'], ['every']],
  ['at_start'],
);

const closed = record('Users who send the next request a think time after the answer.', {
  users: count({ doc: 'Number of users.', min: 1, max: 1_000_000 }),
  think: preset(described('Time from an answer to the next request of the same user.', randomDuration), '0s'),
  keep_alive: preset(flag('Users keep their connection from one request to the next.'), false),
});

const recorded = record('Arrival times from a CSV file.', {
  file: text({
    doc: 'CSV file, relative to the file that names it; .csv.gz too. The file of app.recorded gives each arrival its row.',
  }),
  column: preset(
    text({
      doc: 'Column with the arrival times; its name ends in the unit.',
      pattern: /_(ms|s|us|ns)$/,
      expected: 'the name of a column that ends in _ms, _s, _us or _ns',
    }),
    'arrival_ms',
  ),
});

const backlog = record('A queue that is full at the start and drained: for job processors.', {
  jobs: count({ doc: 'Jobs in the queue.', min: 1, max: 10_000_000 }),
});

/** Where requests come from. */
export const loadSchema: Schema<LoadText> = oneKey('Where requests come from.', { open, closed, recorded, backlog });

export type LoadText =
  | { readonly kind: 'open'; readonly value: ValueOf<typeof open> }
  | { readonly kind: 'closed'; readonly value: ValueOf<typeof closed> }
  | { readonly kind: 'recorded'; readonly value: ValueOf<typeof recorded> }
  | { readonly kind: 'backlog'; readonly value: ValueOf<typeof backlog> };
