import { randomDuration } from '../../random/distributions/params.js';
import { count, described, duration, oneOf, preset, record, textOr, version } from '../../schema/index.js';
import { isPythonSimulated, PYTHON_HINT, RUBY_HINT, rubyPolicy } from '../versions.js';

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
    { every, pause: described('Length of a collection.', randomDuration) },
    { merge: 'whole' },
  ),
);

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
  timeslice: preset(
    duration({
      doc: 'Time a thread may keep the GVL while others wait. RUBY_THREAD_TIMESLICE sets it from Ruby 3.4 on; fixed before.',
      min: 1000,
    }),
    '100ms',
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
