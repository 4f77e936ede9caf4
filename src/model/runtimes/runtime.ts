import type { Cpu, CpuListener } from '../cpu/cpu.js';
import { createCpu } from '../cpu/policies.js';
import { ThreadTable } from '../entities/threads.js';
import type { Collector } from '../gc/collector.js';
import { createCollector } from '../gc/policies.js';
import type { Gauge } from '../observations.js';
import { PhaseKind } from '../phases.js';
import type { Site } from '../servers/server.js';
import { Execution } from './execution.js';
import type { Gvl } from './gvl/gvl.js';
import { createGvl } from './gvl/policies.js';

/** The processes of a server: their threads, lock, collector and the cores they share. */
export interface Runtime {
  readonly threads: ThreadTable;
  readonly execution: Execution;
  readonly gvl: Gvl;
  readonly collector: Collector | null;
  readonly gauges: readonly Gauge[];
}

/** @param threadNames names of the threads of each process */
export function createRuntime(site: Site, threadNames: readonly (readonly string[])[]): Runtime {
  const { kernel, host, runtime } = site;
  const threads = new ThreadTable(kernel, threadNames, site.requests);
  const collector = createCollector(runtime, site.app, threads.processes, site.streams);
  const execution = new Execution(kernel, threads, collector);
  const cpu = createCpu(kernel, host, threads.count, mostAtOnce(site, threads), execution as CpuListener);
  const gvl = createGvl(kernel, threads, site, !cpu.isShared && collector === null, execution);
  execution.attach(gvl, cpu);
  return { threads, execution, gvl, collector, gauges: runtimeGauges(threads, execution, gvl, cpu, host.cores) };
}

/** Threads that can want a core at the same time: the holder of each lock, and all that can run native code. */
function mostAtOnce(site: Site, threads: ThreadTable): number {
  const { classes, recorded } = site.app;
  const isNative =
    classes.some(({ phases }) => phases.some(({ kind }) => kind === PhaseKind.Native)) ||
    recorded?.phaseKind.includes(PhaseKind.Native);
  return isNative ? threads.count : threads.processes;
}

function runtimeGauges(threads: ThreadTable, execution: Execution, gvl: Gvl, cpu: Cpu, cores: number): Gauge[] {
  const waiting = (): number => {
    let sum = 0;
    for (let p = 0; p < threads.processes; p++) sum += gvl.waiting(p);
    return sum;
  };
  return [
    { name: 'gvl_waiting_count', kind: 'level', capacity: 1, read: waiting },
    {
      name: 'gvl_utilisation_ratio',
      kind: 'integral',
      capacity: threads.processes,
      read: (now) => execution.heldIntegral(now),
    },
    { name: 'core_utilisation_ratio', kind: 'integral', capacity: cores, read: (now) => cpu.busyIntegral(now) },
  ];
}
