import type { Cpu } from '../cpu/cpu.js';
import { createCpu } from '../cpu/policies.js';
import { createThreads, type Threads } from '../entities/thread.js';
import type { Collector } from '../gc/collector.js';
import { createCollector } from '../gc/policies.js';
import type { ForkPlan, HostMemory } from '../memory/host-memory.js';
import type { Gauge } from '../observations.js';
import { PhaseKind } from '../phases.js';
import type { Site } from '../site.js';
import type { TurnPolicyName } from '../spec.js';
import { Execution } from './execution.js';
import type { Gvl } from './gvl/gvl.js';
import { createGvls } from './gvl/policies.js';

/** The processes of a server: their threads, lock, collector and the cores they share. */
export interface Runtime {
  readonly threads: Threads;
  readonly execution: Execution;
  readonly collector: Collector | null;
  /** Null: memory is not simulated. */
  readonly memory: HostMemory | null;
  readonly gauges: readonly Gauge[];
}

/** Every process has loaded the application for itself. */
const NO_FORKS: ForkPlan = { hasMaster: false, preloads: false };

/**
 * @param threadNames names of the threads of each process
 * @param plan how the processes come about, as far as their memory is concerned
 * @param turns how the threads of a process take turns; the lock of the language unless they are fibers of an event loop
 */
export function createRuntime(
  site: Site,
  threadNames: readonly (readonly string[])[],
  plan: ForkPlan = NO_FORKS,
  turns: TurnPolicyName = site.runtime.gvl,
): Runtime {
  const { kernel, host, runtime } = site;
  const threads = createThreads(kernel, site.requests, threadNames);
  const garbage = createCollector(runtime, site.app, threads.length, site.streams);
  const watched = site.memory?.watch({ threads, collector: garbage, plan, streams: site.streams }) ?? null;
  const collector = watched?.collector ?? garbage;
  const execution = new Execution(kernel, threads, collector);
  const cpu = createCpu(kernel, host, threads, mostAtOnce(site, threads), () => quotaPhase(site), execution);
  const gvls = createGvls(site, threads, !cpu.isShared && collector === null, execution, turns);
  execution.attach(gvls, cpu);
  const memory = watched?.memory ?? null;
  return { threads, execution, collector, memory, gauges: runtimeGauges(execution, gvls, cpu, host.cores) };
}

/** Without overheads a quota's period begins with the simulation. */
function quotaPhase({ overheads, streams }: Site): number {
  return overheads ? streams.open('cpu/quota').uniform() : 0;
}

/** Threads that can want a core at the same time: the holder of each lock, and all that can run native code. */
function mostAtOnce(site: Site, threads: Threads): number {
  const { classes, recorded } = site.app;
  const isNative =
    classes.some(({ phases }) => phases.some(({ kind }) => kind === PhaseKind.Native)) ||
    recorded?.phaseKind.includes(PhaseKind.Native);
  return isNative ? threads.flat().length : threads.length;
}

function runtimeGauges(execution: Execution, gvls: readonly Gvl[], cpu: Cpu, cores: number): Gauge[] {
  const waiting = (): number => gvls.reduce((sum, gvl) => sum + gvl.waiting, 0);
  return [
    { name: 'gvl_waiting_count', kind: 'level', capacity: 1, read: waiting },
    {
      name: 'gvl_utilisation_ratio',
      kind: 'integral',
      capacity: gvls.length,
      read: (now) => execution.heldIntegral(now),
    },
    { name: 'core_utilisation_ratio', kind: 'integral', capacity: cores, read: (now) => cpu.busyIntegral(now) },
    ...(cpu.gauges ?? []),
  ];
}
