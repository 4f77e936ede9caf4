import { count, record } from '../../../../schema/index.js';
import type { LimitType } from './limit.js';

export interface FixedParams {
  readonly limit: number;
}

/** A constant limit: HAProxy `maxconn` with a queue of 0, nginx `limit_conn`. */
export const fixed: LimitType<FixedParams> = {
  name: 'fixed',
  params: record('Always the same limit.', {
    limit: count({ doc: 'Requests in a host at the same time, waiting ones included.', min: 1 }),
  }),
  explain: ({ limit }) => `at most ${limit}`,
  create: ({ limit }) => ({ limit, sample: () => {} }),
};
