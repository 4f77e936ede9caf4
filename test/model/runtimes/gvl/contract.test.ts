import { type LockKind, lockContract } from '../../../support/lock-contract.js';
import { us } from '../../../support/phases.js';

/** All threads share one core, and who has it keeps it for a slice of the scheduler. */
const ONE_CORE = { preemptAfterNs: us(700) } as const;

const KINDS: readonly LockKind[] = [
  { name: 'Ruby 2.6 to 3.2', rules: { gvl: 'barging-deadline' } },
  { name: 'Ruby 2.6 to 3.2, late timers', rules: { gvl: 'barging-deadline', overshootNs: us(75) } },
  { name: 'Ruby 2.6 to 3.2 on one core', rules: { gvl: 'barging-deadline', ...ONE_CORE } },
  { name: 'Ruby 3.3 to 3.5', rules: { gvl: 'fifo-ticks' }, isFifo: true },
  { name: 'Ruby 3.3 to 3.5 on one core', rules: { gvl: 'fifo-ticks', ...ONE_CORE } },
  { name: 'Ruby after 3.5', rules: { gvl: 'hot-thread' } },
  { name: 'M:N threads', rules: { gvl: 'mn-threads' }, isFifo: true },
  { name: 'CPython', rules: { gvl: 'cpython' } },
  { name: 'CPython on one core', rules: { gvl: 'cpython', ...ONE_CORE } },
  { name: 'the fibers of an event loop', rules: { gvl: 'event-loop' }, isFifo: true },
];

for (const kind of KINDS) lockContract(kind);
