import type { BalancePolicyType } from './policy.js';

/**
 * Of two different hosts drawn at random the one with fewer unanswered requests; among equals the first drawn (nginx
 * `random two least_conn`, HAProxy `random(2)`, Envoy `LEAST_REQUEST`).
 * @see M. Mitzenmacher (2001), The power of two choices in randomized load balancing, IEEE TPDS 12(10)
 */
export const powerOfTwoChoices: BalancePolicyType = {
  name: 'power_of_two_choices',
  doc: 'of two drawn at random the one with fewer unanswered requests',
  create: (stream) => ({
    choose({ eligible, inFlight }) {
      const first = Math.floor(stream.uniform() * eligible.length);
      const step = stream.uniform();
      if (eligible.length === 1) return eligible[0]!;
      const second = (first + 1 + Math.floor(step * (eligible.length - 1))) % eligible.length;
      const [one, other] = [eligible[first]!, eligible[second]!];
      return inFlight[other]! < inFlight[one]! ? other : one;
    },
  }),
};
