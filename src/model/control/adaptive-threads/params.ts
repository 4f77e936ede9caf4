import { MILLISECOND } from '../../../kernel/time.js';
import { count, duration, preset, ratio, record, type Schema } from '../../../schema/index.js';
import type { AdaptiveThreadsSpec } from '../../control-spec.js';

/** Keys and defaults of `control: {adaptive_threads: ...}`. */
export const adaptiveThreadsParams: Schema<Omit<AdaptiveThreadsSpec, 'max'>> = record(
  'The threads of each process in use follow the contention at its GVL: fewer when requests spend much of their time waiting for it.',
  {
    above: preset(
      ratio({
        doc: 'Share of the time of requests on threads spent waiting for the GVL, above which a thread is taken away.',
      }),
      0.3,
    ),
    below: preset(ratio({ doc: 'Share below which a thread is added, if all were busy.' }), 0.15),
    min: preset(count({ doc: 'Fewest threads in use. The most are those of the server.', min: 1 }), 1),
    interval: preset(
      duration({ doc: 'How often each process decides, if ten requests were answered.', min: 10 * MILLISECOND }),
      '1s',
    ),
  },
).transform(({ above, below, min, interval }) => ({ above, below, min, intervalNs: interval }));
