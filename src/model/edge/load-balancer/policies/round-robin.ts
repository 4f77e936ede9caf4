import type { BalancePolicy, BalancePolicyType, BalancerView } from './policy.js';

/** One host after the other; counts requests and knows nothing of how long they take. */
class RoundRobin implements BalancePolicy {
  private last: number;

  constructor() {
    this.last = -1;
  }

  choose({ eligible }: BalancerView): number {
    this.last = eligible.find((host) => host > this.last) ?? eligible[0]!;
    return this.last;
  }
}

export const roundRobin: BalancePolicyType = {
  name: 'round_robin',
  doc: 'one after the other',
  create: () => new RoundRobin(),
};
