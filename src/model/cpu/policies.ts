import type { Kernel } from '../../kernel/kernel.js';
import type { Threads } from '../entities/thread.js';
import type { HostSpec } from '../spec.js';
import type { Cpu, CpuListener } from './cpu.js';
import { DedicatedCores } from './dedicated.js';
import { ProcessorSharing } from './processor-sharing.js';
import { TimeSlices } from './time-slices.js';

/**
 * The cores of the host. Where there is one for every thread that can ever run at once, sharing rules cannot matter
 * and each thread gets its own.
 *
 * @param mostAtOnce threads that can want a core at the same time
 */
export function createCpu(
  kernel: Kernel,
  host: HostSpec,
  threads: Threads,
  mostAtOnce: number,
  listener: CpuListener,
): Cpu {
  if (mostAtOnce <= host.cores) return new DedicatedCores(kernel, threads, listener);
  if (host.scheduler === 'processor-sharing') return new ProcessorSharing(kernel, host.cores, listener);
  return new TimeSlices(kernel, host.cores, host.timeSliceNs, listener);
}
