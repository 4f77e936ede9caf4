import {
  count,
  decimal,
  duration,
  field,
  optional,
  preset,
  readDuration,
  record,
  type ValueOf,
} from '../../schema/index.js';

export type Warmup =
  | { readonly kind: 'time'; readonly ns: number }
  | { readonly kind: 'fraction'; readonly fraction: number };

const warmup = field<Warmup>(
  {
    doc: 'What is cut from the start of every run: a duration, or a share of the run from 0 to 1. Default: 0.1; nothing for a recorded load.',
    expected: 'a duration such as 30s, or a share of the run from 0 up to (not including) 1',
    unit: '',
    json: { anyOf: [{ type: 'string' }, { type: 'number', minimum: 0, exclusiveMaximum: 1 }] },
  },
  (input) => {
    if (typeof input === 'number') {
      if (input >= 0 && input < 1) return { value: { kind: 'fraction', fraction: input } };
      return { fault: { code: 'SCN_RANGE', hint: input >= 1 ? `write ${input}s for a duration` : undefined } };
    }
    const reading = readDuration(input);
    return 'fault' in reading ? reading : { value: { kind: 'time', ns: reading.value } };
  },
);

/** How long, how often, how sure. */
export const runSchema = record(
  'How long and how often each configuration is run.',
  {
    requests: optional(count({ doc: 'Requests that arrive in a run.', min: 1 })),
    duration: optional(
      duration({
        doc: 'Simulated time after which no more requests arrive. Default when neither is given: 10min, or all rows of a recorded load.',
        min: 1,
      }),
    ),
    replications: preset(count({ doc: 'Independent runs of each configuration.', min: 1, max: 100_000 }), 10),
    seed: preset(count({ doc: 'Master seed; the same seed gives the same numbers.' }), 1),
    warmup: optional(warmup),
    confidence: preset(decimal({ doc: 'Confidence level of the intervals.', min: 0.5, below: 1 }), 0.95),
    sample_every: optional(duration({ doc: 'Interval of timeseries.csv. Default: about 200 samples a run.', min: 1 })),
  },
  { exclusive: [['requests', 'duration']] },
);

export type RunText = ValueOf<typeof runSchema>;
