import { SECOND } from '../../kernel/time.js';
import type { Cpu } from '../cpu/cpu.js';
import { createCpu } from '../cpu/policies.js';
import type { ProcessId } from '../entities/ids.js';
import { createHelpers, createThreads, type Thread, type Threads } from '../entities/thread.js';
import type { CollectionCounts, Collector } from '../gc/collector.js';
import { createCollector } from '../gc/policies.js';
import type { ForkPlan, HostMemory } from '../memory/host-memory.js';
import type { Gauge } from '../observations.js';
import { PhaseKind } from '../phases.js';
import type { Site } from '../site.js';
import type { AppSpec, TurnPolicyName } from '../spec.js';
import { type Calls, createCalls } from './calls/calls.js';
import { Execution } from './execution.js';
import type { Gvl } from './gvl/gvl.js';
import { createGvls } from './gvl/policies.js';
import { RackTimeout } from './rack-timeout/rack-timeout.js';
import { RactorExecution } from './ractors/ractor-execution.js';
import { SharedHeap } from './ractors/shared-heap.js';

/** The processes of a server: their threads, lock, collector and the cores they share. */
export interface Runtime {
  /** Threads that serve requests, and those that give them work. */
  readonly threads: Threads;
  /** So many in a row of what counts as processes are ractors of one process; 1: none are. */
  readonly ractors: number;
  /** Other threads that want the lock of the process now and then: [helper][process]. */
  readonly helpers: readonly (readonly Thread[])[];
  readonly execution: Execution;
  readonly collector: Collector | null;
  /** Null: memory is not simulated. */
  readonly memory: HostMemory | null;
  /** Null: requests call nothing by name. */
  readonly calls: Calls | null;
  /** Null: requests may take as long as they want. */
  readonly rackTimeout: RackTimeout | null;
  readonly gauges: readonly Gauge[];
  /** A new process takes the place of this one, whose execution was stopped: nothing is left of what that knew. */
  renew(process: ProcessId): void;
  /** Asks to be told about it. */
  onRenewal(listener: (process: ProcessId) => void): void;
}

/** Every process has loaded the application for itself. */
const NO_FORKS: ForkPlan = { hasMaster: false, preloads: false };

/**
 * @param threadNames names of the threads of each process
 * @param plan how the processes come about, as far as their memory is concerned
 * @param helperNames threads that every process has besides
 * @param ractors so many in a row of what counts as processes are ractors of one: they have a heap in common
 * @param turns how the threads of a process take turns; the lock of the language unless they are fibers of an event loop
 */
export function createRuntime(
  site: Site,
  threadNames: readonly (readonly string[])[],
  plan: ForkPlan = NO_FORKS,
  turns: TurnPolicyName = site.runtime.gvl,
  helperNames: readonly string[] = [],
  ractors = 1,
): Runtime {
  const { kernel, host, runtime } = site;
  const threads = createThreads(kernel, site.requests, threadNames);
  const garbage = createCollector(runtime, site.app, threads.length / ractors, site.streams, ractors);
  const watched =
    site.memory?.watch({ threads, collector: garbage, plan, streams: site.streams, cores: host.cores }) ?? null;
  const heaps = watched?.collector ?? garbage;
  const collector = heaps === null || ractors === 1 ? heaps : new SharedHeap(heaps, ractors);
  const times = turns === 'event-loop' ? undefined : site.app.rackTimeout;
  const names = times === undefined ? helperNames : [...helperNames, 'rack-timeout'];
  const helpers = names.map((name, nth) => createHelpers(kernel, site.requests, threads, name, nth));
  const all = threads.map((ofProcess, process) => [...ofProcess, ...helpers.map((ofAll) => ofAll[process]!)]);
  const execution =
    collector === null || ractors === 1
      ? new Execution(kernel, all, collector)
      : new RactorExecution(kernel, all, collector, ractors, site.overheads ? host.wakeLatencyNs : 0);
  const cpu = createCpu(kernel, host, all, mostAtOnce(site, threads), () => quotaPhase(site), execution);
  const gvls = createGvls(site, all, !cpu.isShared && collector === null, execution, turns);
  execution.attach(gvls, cpu, watched?.natives ?? null);
  const memory = watched?.memory ?? null;
  const calls = createCalls(site, threads, execution);
  const room = { kernel, requests: site.requests, execution, calls, threads, raisers: helpers.at(-1) ?? [] };
  const rackTimeout =
    times === undefined
      ? null
      : new RackTimeout(
          { ...room, wakeLatencyNs: site.overheads ? host.wakeLatencyNs : 0 },
          times,
          site.streams.open('rack-timeout/breaks'),
        );
  const gauges = [
    ...runtimeGauges(execution, gvls, cpu, host.cores),
    ...collectionGauges(heaps, site, threads.length / ractors),
    ...(calls?.gauges ?? []),
  ];
  const renewals: ((process: ProcessId) => void)[] = [];
  return {
    threads,
    ractors,
    helpers,
    execution,
    collector,
    memory,
    calls,
    rackTimeout,
    gauges,
    renew: (process) => {
      collector?.renewed(process);
      memory?.replace(process);
      calls?.renewed(process);
      rackTimeout?.renewed(process);
      for (const listener of renewals) listener(process);
    },
    onRenewal: (listener) => renewals.push(listener),
  };
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

/** Collections of all processes; none where requests cannot cause any. */
function collectionGauges(collector: Collector | null, { runtime, app }: Site, processes: number): Gauge[] {
  if (collector === null || runtime.gc.kind !== 'allocation' || !allocates(app)) return [];
  const gauge = (name: string, capacity: number, of: (counts: CollectionCounts) => number): Gauge => {
    const read = (): number => {
      let sum = 0;
      for (let process = 0; process < processes; process++) sum += of(collector.counts(process));
      return sum;
    };
    return { name, kind: 'integral', capacity, read };
  };
  return [
    gauge('minor_gc_per_s', 1, ({ minor }) => minor * SECOND),
    gauge('major_gc_per_s', 1, ({ major }) => major * SECOND),
    gauge('gc_pause_ratio', processes, ({ pausedNs }) => pausedNs),
  ];
}

function allocates({ classes, recorded }: AppSpec): boolean {
  return (
    classes.some(
      ({ allocatedObjects, mallocBytes, phases }) =>
        allocatedObjects > 0 || mallocBytes > 0 || phases.some(({ kind }) => kind === PhaseKind.Allocate),
    ) ||
    (recorded?.phaseKind.includes(PhaseKind.Allocate) ?? false)
  );
}
