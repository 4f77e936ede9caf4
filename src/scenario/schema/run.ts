import type { WarmUpRule } from '../../experiment/spec.js';
import {
  count,
  decimal,
  described,
  duration,
  field,
  oneOf,
  optional,
  orList,
  preset,
  readDuration,
  record,
  type ValueOf,
} from '../../schema/index.js';
import { readStatistic, type Statistic } from '../notation/objective.js';

const warmup = field<WarmUpRule>(
  {
    doc: 'What is cut from the start of every run: `auto` (found from the results of all replications), a duration, or a share of the run from 0 to 1. Default: auto; nothing where arrivals are recorded, the load is a backlog, or the run is transient.',
    expected: 'auto, a duration such as 30s, or a share of the run from 0 up to (not including) 1',
    unit: '',
    json: { anyOf: [{ const: 'auto' }, { type: 'string' }, { type: 'number', minimum: 0, exclusiveMaximum: 1 }] },
  },
  (input) => {
    if (input === 'auto') return { value: { kind: 'auto' } };
    if (typeof input === 'number') {
      if (input >= 0 && input < 1) return { value: { kind: 'fraction', fraction: input } };
      return { fault: { code: 'SCN_RANGE', hint: input >= 1 ? `write ${input}s for a duration` : undefined } };
    }
    const reading = readDuration(input);
    return 'fault' in reading ? reading : { value: { kind: 'time', ns: reading.value } };
  },
);

/** Statistics that have intervals, as in `latency_ms p95`. */
const statistic = field<Statistic>(
  {
    doc: 'Metric and statistic, e.g. `latency_ms p95`, `throughput_per_s`, `latency_ms{class:web} mean`.',
    expected: 'a metric with a statistic that has an interval, such as latency_ms p95',
    unit: '',
    json: { type: 'string', examples: ['latency_ms p95', 'throughput_per_s'] },
  },
  (input) => {
    if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
    const reading = readStatistic(input);
    if ('fault' in reading) return { fault: { code: 'SCN_SLO', message: reading.fault } };
    if (reading.statistic === 'max') return { fault: { code: 'SCN_SLO', message: 'an extreme has no interval' } };
    return { value: reading };
  },
);

const relative = field<number>(
  {
    doc: 'Half width of the interval, as a share of the estimate.',
    expected: 'a percentage such as 2%, or a share above 0 and below 1',
    unit: '',
    json: { anyOf: [{ type: 'string' }, { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }] },
  },
  (input) => {
    const percent = typeof input === 'string' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(input.trim())?.[1] : undefined;
    const value = percent === undefined ? input : Number(percent) / 100;
    if (typeof value !== 'number') return { fault: { code: 'SCN_TYPE' } };
    if (value > 0 && value < 1) return { value };
    return { fault: { code: 'SCN_RANGE', hint: value >= 1 && value < 100 ? `write ${value}%` : undefined } };
  },
);

const target = record(
  'A statistic and how well it is to be known.',
  { metric: statistic, relative },
  { merge: 'whole' },
);

/** Most replications of a run with `precision`, unless it says otherwise. */
export const MAX_REPLICATIONS = 200;

/** How long, how often, how sure. */
export const runSchema = record(
  'How long and how often each configuration is run.',
  {
    requests: optional(count({ doc: 'Requests that arrive in a run.', min: 1 })),
    duration: optional(
      duration({
        doc: 'Simulated time after which no more requests arrive. Default when neither is given: 10min, or all of a recorded load or a backlog.',
        min: 1,
      }),
    ),
    replications: preset(count({ doc: 'Independent runs of each configuration.', min: 1, max: 100_000 }), 10),
    seed: preset(count({ doc: 'Master seed; the same seed gives the same numbers.' }), 1),
    kind: optional(
      oneOf(
        ['steady', 'transient'],
        'steady: what holds in the long run; transient: what happens in this time, from its first moment on, over time. Default: transient where the rate of arrivals changes in steps or the load is a backlog, else steady.',
      ),
    ),
    warmup: optional(warmup),
    precision: optional(
      described(
        'Go on with replications until these are known well enough; `replications` (at least 10) is the first round.',
        orList(target, 'Several targets: all of them are to be met.'),
      ),
    ),
    max_replications: optional(
      count({
        doc: `Replications after which a run with precision ends in any case. Default: ${MAX_REPLICATIONS}.`,
        min: 10,
        max: 100_000,
      }),
    ),
    confidence: preset(decimal({ doc: 'Confidence level of the intervals.', min: 0.5, below: 1 }), 0.95),
    sample_every: optional(duration({ doc: 'Interval of timeseries.csv. Default: about 200 samples a run.', min: 1 })),
  },
  { exclusive: [['requests', 'duration']] },
);

export type RunText = ValueOf<typeof runSchema>;
