import type { Kernel } from '../../kernel/kernel.js';
import type { Threads } from '../entities/thread.js';
import type { HostSpec } from '../spec.js';
import type { Cpu, CpuListener } from './cpu.js';
import { DedicatedCores } from './dedicated.js';
import { ProcessorSharing } from './processor-sharing.js';
import { Quota } from './quota.js';
import { TimeSlices } from './time-slices.js';

/**
 * The cores that the threads see: those of the host, or what a limit on CPU time leaves of them.
 *
 * @param mostAtOnce threads that can want a core at the same time
 * @param drawPhase says where in a quota's period, as a share of it, the simulation begins
 */
export function createCpu(
  kernel: Kernel,
  host: HostSpec,
  threads: Threads,
  mostAtOnce: number,
  drawPhase: () => number,
  listener: CpuListener,
): Cpu {
  if (host.cpuQuota === null) return createCores(kernel, host, threads, mostAtOnce, listener);
  const { cpus, periodNs } = host.cpuQuota;
  const phaseNs = Math.floor(drawPhase() * periodNs);
  const quota = new Quota(kernel, host.cores, { quotaNs: Math.round(cpus * periodNs), periodNs, phaseNs }, listener);
  quota.attach(createCores(kernel, host, threads, mostAtOnce, quota));
  return quota;
}

/**
 * The cores of the host. Where there is one for every thread that can ever run at once, sharing rules cannot matter
 * and each thread gets its own.
 *
 * @param mostAtOnce threads that can want a core at the same time
 */
function createCores(kernel: Kernel, host: HostSpec, threads: Threads, mostAtOnce: number, listener: CpuListener): Cpu {
  if (mostAtOnce <= host.cores) return new DedicatedCores(kernel, threads, listener);
  if (host.scheduler === 'processor-sharing') return new ProcessorSharing(kernel, host.cores, listener);
  return new TimeSlices(kernel, host.cores, host.timeSliceNs, listener);
}
