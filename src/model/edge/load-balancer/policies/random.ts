import type { BalancePolicyType } from './policy.js';

/** Any host, whatever it does: each sees a Poisson stream of its own, so N hosts are N separate queues. */
export const random: BalancePolicyType = {
  name: 'random',
  doc: 'any host',
  create: (stream) => ({
    choose: ({ eligible }) => eligible[Math.floor(stream.uniform() * eligible.length)]!,
  }),
};
