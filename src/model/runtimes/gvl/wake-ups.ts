import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { GvlParams } from './gvl.js';

/**
 * A thread that has slept for less than this is awake sooner: on a core of its own, because that core has not gone to
 * sleep yet. A KVM host polls for so long for the next event of a halted core before it takes it away (`halt_poll_ns`);
 * operating systems on bare metal choose an idle state of a core by how long they expect it to last.
 * @see Linux Documentation/virt/kvm/halt-polling.rst
 */
export const WARM_FOR_NS: Nanos = 200 * MICROSECOND;

/** From a signal to the first instruction of a thread that has slept since `asleepSinceNs` [ns]. */
export function wakeLatencyOf(params: GvlParams, thread: Thread, nowNs: Nanos): Nanos {
  return nowNs - thread.asleepSinceNs < WARM_FOR_NS ? params.warmWakeLatencyNs : params.wakeLatencyNs;
}
