import type { Kernel } from '../../../kernel/kernel.js';
import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import type { Stream } from '../../../random/streams.js';
import type { Thread, Threads } from '../../entities/thread.js';
import type { Site } from '../../site.js';
import type { TurnPolicyName } from '../../spec.js';
import { BargingDeadlineGvl } from './barging-deadline.js';
import { CPythonGil } from './cpython.js';
import { EventLoop } from './event-loop.js';
import { FifoOneCoreGvl } from './fifo-one-core.js';
import { FifoTicksGvl } from './fifo-ticks.js';
import type { Gvl, GvlListener, GvlParams } from './gvl.js';
import { HotThreadGvl } from './hot-thread.js';
import { MnThreadsGvl } from './mn-threads.js';

/**
 * By how much the interpreter's timed waits end late: timer slack (50 us) and the wake-up of the thread that waits, which takes
 * longer on a core of its own, where it has to be woken from idle. Slices of two CPU-bound threads on Ruby 3.3.8 (ten ticks), 2-core
 * VM: 100.75 ms on one core, 101.0 ms on two; on 3.1.2 (one deadline) 100.1 ms on two.
 */
export function timerOvershootNs(cores: number): Nanos {
  return (cores === 1 ? 75 : 100) * MICROSECOND;
}

/** The locks of the site's runtime, one for each process. */
export function createGvls(
  site: Site,
  threads: Threads,
  hearsAtOnce: boolean,
  listener: GvlListener,
  policy: TurnPolicyName = site.runtime.gvl,
): readonly Gvl[] {
  const params: GvlParams = {
    quantumNs: site.runtime.quantumNs,
    wakeLatencyNs: site.overheads ? site.host.wakeLatencyNs : 0,
    warmWakeLatencyNs: site.overheads ? site.host.warmWakeLatencyNs : 0,
    timerOvershootNs: site.overheads ? timerOvershootNs(site.host.cores) : 0,
    hearsAtOnce,
    preemptAfterNs: site.overheads && site.host.cores === 1 ? site.host.preemptAfterNs : Number.POSITIVE_INFINITY,
  };
  const wakeUps = site.streams.open('gil/wake');
  return threads.map((ofProcess) => createGvl(site.kernel, policy, ofProcess, params, listener, wakeUps));
}

/** The lock of one process. @param wakeUps draws which waiter a release of CPython's lock wakes */
export function createGvl(
  kernel: Kernel,
  policy: TurnPolicyName,
  threads: readonly Thread[],
  params: GvlParams,
  listener: GvlListener,
  wakeUps: Stream,
): Gvl {
  switch (policy) {
    case 'barging-deadline':
      return new BargingDeadlineGvl(kernel, threads, params, listener);
    case 'fifo-ticks':
      return params.preemptAfterNs === Number.POSITIVE_INFINITY
        ? new FifoTicksGvl(kernel, threads, params, listener)
        : new FifoOneCoreGvl(kernel, threads, params, listener);
    case 'hot-thread':
      return new HotThreadGvl(kernel, threads, params, listener);
    case 'mn-threads':
      return new MnThreadsGvl(kernel, threads, params, listener);
    case 'event-loop':
      return new EventLoop(kernel, threads, listener);
    case 'cpython':
      return new CPythonGil(kernel, threads, params, listener, wakeUps);
  }
}
