import { count, oneOf, preset, record, type Schema } from '../../../schema/index.js';
import type { BalancerSpec } from '../../spec.js';
import { BALANCE_POLICIES } from './policies/index.js';

const words = BALANCE_POLICIES.map(({ name, doc }) => `${name} = ${doc}`).join('; ');

/** Keys and defaults of `load_balancer`. */
export const balancerParams: Schema<BalancerSpec> = record(
  'A load balancer in front of several hosts or containers, each of which is what `host` and `server` say.',
  {
    hosts: count({ doc: 'Hosts (or containers) behind the balancer, all alike.', min: 1, max: 1000 }),
    balance: preset(
      oneOf(
        BALANCE_POLICIES.map(({ name }) => name),
        `Which host gets a request: ${words}.`,
      ),
      'round_robin',
    ),
  },
);
