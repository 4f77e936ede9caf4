import type { Stream } from '../../../../random/streams.js';
import { leastConnections } from './least-connections.js';
import type { BalancePolicy, BalancePolicyType } from './policy.js';
import { powerOfTwoChoices } from './power-of-two.js';
import { random } from './random.js';
import { roundRobin } from './round-robin.js';

/** Everything that a load balancer may do; a new policy is a file in this folder and a word in this list. */
export const BALANCE_POLICIES: readonly BalancePolicyType[] = [random, roundRobin, leastConnections, powerOfTwoChoices];

/** @throws RangeError for an unknown policy */
export function createBalancePolicy(name: string, stream: Stream): BalancePolicy {
  const type = BALANCE_POLICIES.find((policy) => policy.name === name);
  if (type === undefined) throw new RangeError(`no balance policy is called ${name}`);
  return type.create(stream);
}
