import type { Goal } from '../../experiment/search/goal.js';
import { list, optional, preset, record, type Schema, share, text, textOr, type ValueOf } from '../../schema/index.js';
import { goal } from './search.js';

const input = record(
  'An input and how far it may be off.',
  {
    path: text({ doc: 'Field of the scenario, as for --set.' }),
    by: optional(share('How far it may be off, up and down, as a share of its value.')),
    low: optional(text({ doc: 'Its lowest value, instead of `by`; in quotes if it is a number.' })),
    high: optional(text({ doc: 'Its highest value, instead of `by`; in quotes if it is a number.' })),
  },
  { merge: 'whole' },
);

/** What `gvlsim sensitivity` varies. */
export const sensitivitySchema = record('What `gvlsim sensitivity` varies, one input after the other.', {
  by: preset(share('How far every input may be off, up and down, as a share of its value.'), '10%'),
  inputs: optional(
    list(
      textOr(text({ doc: 'Field of the scenario, as for --set.' }), input),
      'The inputs. Default: demands and weights of the classes, the load, and the measured costs of the host.',
    ),
  ),
  outputs: optional(
    list(
      goal('Metric and statistic. Default: `latency_ms p95` and `throughput_per_s`.'),
      'What it is looked at.',
    ) as Schema<Goal[]>,
  ),
});

export type SensitivityText = ValueOf<typeof sensitivitySchema>;
