import type { Goal } from '../../experiment/search/goal.js';
import {
  count,
  described,
  field,
  list,
  optional,
  preset,
  rate,
  record,
  type Schema,
  share,
  textOr,
  type ValueOf,
} from '../../schema/index.js';
import { readGoal } from '../notation/goal.js';
import { gridSchema } from './grid.js';

export const goal = (doc: string): Schema<Goal> =>
  field<Goal>(
    {
      doc,
      expected: 'a metric and a statistic, such as latency_ms p95',
      unit: '',
      json: { type: 'string', examples: ['latency_ms p95', 'throughput_per_s', 'pss_mib max'] },
    },
    (input) => {
      if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
      const reading = readGoal(input);
      return 'fault' in reading ? { fault: { code: 'SCN_SLO', message: reading.fault } } : { value: reading };
    },
  );

const maxRate = record(
  'The highest rate of arrivals at which the objectives (`slo`) hold.',
  {
    from: optional(rate({ doc: 'Lowest rate of interest. Default: any.' })),
    to: optional(rate({ doc: 'Highest rate of interest. Default: the capacity by hand formula.' })),
    precision: preset(share('Width of the interval of the answer, as a share of it.'), '2%'),
    confidence: preset(share('Probability that the answer lies in its interval, at least.'), '95%'),
    max_replications: preset(count({ doc: 'Replications of the whole search, for each variant.', min: 10 }), 1000),
  },
  { merge: 'deep' },
);

const best = record(
  'The best of many configurations that keep the objectives (`slo`) and fit the host.',
  {
    over: described(
      'The configurations: a grid of fields as for `sweep`, or a list of grids, e.g. one for each kind of server.',
      textOr(gridSchema, list(gridSchema, 'Grids.')),
    ),
    minimise: optional(goal('Statistic that is to be small.')),
    maximise: optional(goal('Statistic that is to be large.')),
    pareto: optional(
      list(
        goal('Statistic; of throughput_per_s more is better, of all others less.'),
        'All that no other beats in these.',
      ),
    ),
    indifference: preset(share('Differences smaller than this share of the best value do not matter.'), '5%'),
    probability: preset(share('Least probability that the selection is right.'), '95%'),
    max_replications: preset(count({ doc: 'Replications of one configuration at most.', min: 10 }), 500),
  },
  { exclusive: [['minimise', 'maximise', 'pareto']] },
);

/** What `gvlsim search` looks for. */
export const searchSchema = record('What `gvlsim search` looks for.', {
  max_rate: optional(maxRate),
  best: optional(best),
});

export type SearchText = ValueOf<typeof searchSchema>;
