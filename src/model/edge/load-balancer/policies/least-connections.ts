import type { BalancePolicy, BalancePolicyType, BalancerView } from './policy.js';

/**
 * The host with the fewest unanswered requests; among equals one after the other (HAProxy `leastconn`, nginx
 * `least_conn`).
 */
class LeastConnections implements BalancePolicy {
  private last: number;

  constructor() {
    this.last = -1;
  }

  choose({ eligible, inFlight }: BalancerView): number {
    const count = eligible.length;
    const after = eligible.findIndex((host) => host > this.last);
    const first = after === -1 ? 0 : after;
    let best = eligible[first]!;
    for (let k = 1; k < count; k++) {
      const host = eligible[(first + k) % count]!;
      if (inFlight[host]! < inFlight[best]!) best = host;
    }
    this.last = best;
    return best;
  }
}

export const leastConnections: BalancePolicyType = {
  name: 'least_connections',
  doc: 'the one with the fewest unanswered requests',
  create: () => new LeastConnections(),
};
