import { randomCount, randomDuration } from '../../../random/distributions/params.js';
import { count, described, oneKey, optional, preset, record, text, type ValueOf } from '../../../schema/index.js';

export const serviceName = text({ doc: 'Name of a service in app.services.' });

export const phase = oneKey('One phase of a request: what it needs next, and for how long.', {
  cpu: described('Ruby code: needs the GVL and a core.', randomDuration),
  io: described('Waits, with the GVL released and no core.', randomDuration),
  hold: described(
    'Holds the GVL without a core: a C call that blocks without releasing the lock. No other thread of the process runs before it returns, however long it takes.',
    randomDuration,
  ),
  short_holds: described(
    'The same in calls of 1 ms, one after the other: other threads get their time slices between them.',
    randomDuration,
  ),
  native: described('Needs a core but not the GVL: a C call that works after releasing the lock.', randomDuration),
  allocate: record(
    'Ruby code that allocates; its CPU time follows from the allocations.',
    {
      objects: described('Objects allocated.', randomCount),
      kept: preset(
        count({
          doc: 'How many of the objects live until the request ends, with contents that fit into no slot (app.object_sizes).',
        }),
        0,
      ),
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

export type PhaseText = ValueOf<typeof phase>;
