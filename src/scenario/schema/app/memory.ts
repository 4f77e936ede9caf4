import { count, duration, oneOf, optional, preset, ratio, record, size, textOr } from '../../../schema/index.js';

/** What a process keeps in memory. */
export const memory = record('Memory of the processes; left out: not simulated.', {
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
