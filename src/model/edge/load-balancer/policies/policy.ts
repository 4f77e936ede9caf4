import type { Stream } from '../../../../random/streams.js';

/** What a balancer knows of the hosts behind it. */
export interface BalancerView {
  /** Hosts that take part, ascending; never empty while a choice is made. */
  readonly eligible: readonly number[];
  /** Requests that this balancer has sent to each host and that are not answered yet. */
  readonly inFlight: Int32Array;
}

/** Chooses the host that gets the next request. */
export interface BalancePolicy {
  choose(view: BalancerView): number;
}

/** A kind of policy, by the name it has in scenario files. */
export interface BalancePolicyType {
  readonly name: string;
  readonly doc: string;
  /** @param stream the draws of this balancer; a policy that draws takes the same number for every request */
  create(stream: Stream): BalancePolicy;
}
