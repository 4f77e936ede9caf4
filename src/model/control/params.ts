import { optional, record, type Schema } from '../../schema/index.js';
import type { ControlSpec } from '../control-spec.js';
import { adaptiveThreadsParams } from './adaptive-threads/params.js';
import { admissionParams } from './admission/params.js';
import { autoscalerParams } from './autoscaler/params.js';
import { queueAgeParams } from './queue-age/params.js';

/** Keys and defaults of `control`. */
export const controlParams: Schema<ControlSpec> = record(
  'What keeps the system from doing more than it can. Left out: nothing does.',
  {
    shed_by_queue_age: optional(queueAgeParams),
    admission: optional(admissionParams),
    adaptive_threads: optional(adaptiveThreadsParams),
    autoscaler: optional(autoscalerParams),
  },
).transform((v) => ({
  queueAge: v.shed_by_queue_age ?? null,
  admission: v.admission ?? null,
  adaptiveThreads: v.adaptive_threads ?? null,
  autoscaler: v.autoscaler ?? null,
}));
