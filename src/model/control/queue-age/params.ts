import { MILLISECOND, SECOND } from '../../../kernel/time.js';
import { duration, record, type Schema } from '../../../schema/index.js';
import type { QueueAgeSpec } from '../../control-spec.js';

/** Keys of `control: {shed_by_queue_age: ...}`. */
export const queueAgeParams: Schema<QueueAgeSpec> = record(
  'A request that is too old (X-Request-Start) when a thread takes it is answered with 503 at once instead of being served, as by Rack::Timeout with wait_timeout.',
  {
    limit: duration({
      doc: 'How old a request may be when the application is called.',
      min: MILLISECOND,
      max: 3600 * SECOND,
    }),
  },
).transform(({ limit }) => ({ limitNs: limit }));
