import { oneKey, type Schema } from '../../../schema/index.js';
import type { AdmissionSpec } from '../../control-spec.js';
import { LIMITS } from './limits/index.js';

/** Keys of `control: {admission: ...}`. */
export const admissionParams: Schema<AdmissionSpec> = oneKey(
  'A limit of the requests that are in a host at the same time, kept in front of its server (a sidecar such as Envoy); who comes when it is reached gets 503 at once.',
  Object.fromEntries(LIMITS.map(({ name, params }) => [name, params])),
);
