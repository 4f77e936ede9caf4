import { count, decimal, optional, ratio, record, size, type ValueOf } from '../../schema/index.js';

const slots = (doc: string) => optional(count({ doc, max: 1e9 }));
const factor = (doc: string) => optional(decimal({ doc, above: 1, max: 100 }));
const share = (doc: string) => optional(ratio({ doc, below: 1 }));
const bytes = (doc: string) => optional(size({ doc, min: 1 }));
const poolSlots = (slotBytes: number) =>
  slots(`Slots of ${slotBytes} bytes that the heap may grow to without a collection. From Ruby 3.3 on.`);

/** Environment variables that tune CRuby's collector, by their own names (`man ruby`, gc.c). */
export const rubyEnv = record(
  "Environment variables of Ruby's collector, by their own names; left out: Ruby's default.",
  {
    RUBY_GC_HEAP_INIT_SLOTS: slots('Slots that the heap may grow to without a collection. Up to Ruby 3.2.'),
    RUBY_GC_HEAP_0_INIT_SLOTS: poolSlots(40),
    RUBY_GC_HEAP_1_INIT_SLOTS: poolSlots(80),
    RUBY_GC_HEAP_2_INIT_SLOTS: poolSlots(160),
    RUBY_GC_HEAP_3_INIT_SLOTS: poolSlots(320),
    RUBY_GC_HEAP_4_INIT_SLOTS: poolSlots(640),
    RUBY_GC_HEAP_FREE_SLOTS: slots('Least number of free slots after a collection.'),
    RUBY_GC_HEAP_GROWTH_FACTOR: factor('Most that the heap grows at a time.'),
    RUBY_GC_HEAP_GROWTH_MAX_SLOTS: slots('Most slots that the heap grows at a time; 0 = no such limit.'),
    RUBY_GC_HEAP_FREE_SLOTS_MIN_RATIO: share('Share of free slots after a collection below which the heap grows.'),
    RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO: share('Share of free slots that growth aims at.'),
    RUBY_GC_HEAP_FREE_SLOTS_MAX_RATIO: share('Share of free slots above which empty pages are returned.'),
    RUBY_GC_HEAP_OLDOBJECT_LIMIT_FACTOR: factor(
      'Major collection when the old objects exceed those left by the last one times this.',
    ),
    RUBY_GC_MALLOC_LIMIT: bytes('Collection when so much was malloced since the last one; lower bound of the limit.'),
    RUBY_GC_MALLOC_LIMIT_MAX: bytes('Upper bound of that limit.'),
    RUBY_GC_MALLOC_LIMIT_GROWTH_FACTOR: factor('Growth of that limit when it is reached.'),
    RUBY_GC_OLDMALLOC_LIMIT: bytes('Major collection when so much was malloced since the last one and not freed.'),
    RUBY_GC_OLDMALLOC_LIMIT_MAX: bytes('Upper bound of that limit.'),
    RUBY_GC_OLDMALLOC_LIMIT_GROWTH_FACTOR: factor('Growth of that limit when it is reached.'),
  },
);

export type RubyEnvText = ValueOf<typeof rubyEnv>;
