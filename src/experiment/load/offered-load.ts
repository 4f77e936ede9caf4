import { SECOND } from '../../kernel/time.js';
import { allocationCostNs } from '../../model/gc/policies.js';
import { PhaseKind } from '../../model/phases.js';
import { slotsOf } from '../../model/servers/registry.js';
import type { AppSpec, LoadSpec, PhaseSpec } from '../../model/spec.js';
import type { ConfigurationSpec, RunSpec } from '../spec.js';
import { type CallLimit, callLimits } from './call-limits.js';

/** Mean demands of one request [ns], without server overheads and garbage collection. */
export interface MeanDemand {
  /** Ruby code, that of `allocate` phases included: needs the GVL and a core. */
  readonly cpuNs: number;
  readonly ioNs: number;
  /** Holds the GVL without a core. */
  readonly holdNs: number;
  /** Needs a core without the GVL. */
  readonly nativeNs: number;
  /** Objects of `allocate` phases. */
  readonly phaseObjects: number;
  /** Objects that the other phases allocate. */
  readonly classObjects: number;
}

/** What limits the number of requests served in a second. */
export type Limit = 'slots' | 'gvl' | 'cores';

/** What a configuration is asked for, and what it can do at most, by hand formula. */
export interface ConfigurationLoad {
  /** Hosts behind a load balancer, the most with an autoscaler; 1 without one. */
  readonly hosts: number;
  /** Of all hosts, as slots, GVLs and cores. */
  readonly processes: number;
  readonly threads: number;
  /** Requests worked on at the same time: processes x threads. */
  readonly slots: number;
  readonly gvls: number;
  readonly cores: number;
  readonly demand: MeanDemand;
  /** Mean arrivals per second over the run; null for closed load, where it follows from the answers, for a backlog, and for a short trace. */
  readonly offeredPerSec: number | null;
  /** Largest rate over a part of the run; equals `offeredPerSec` when the rate never changes. */
  readonly peakPerSec: number | null;
  /** Largest throughput of each resource alone [1/s]; Infinity where no request needs it. */
  readonly limitPerSec: Readonly<Record<Limit, number>>;
  /** What connection pools and bounded services allow, by name. */
  readonly callLimits: readonly CallLimit[];
  /** The smallest of them all. */
  readonly capacityPerSec: number;
  /** Of slots, GVLs and cores the one with the smallest limit; ties: GVL, then cores, then slots. */
  readonly bottleneck: Limit;
  /** Offered load over the limit of that resource alone; null where `offeredPerSec` is. */
  readonly utilisation: Readonly<Record<Limit, number>> | null;
  /** More arrives than can be served. */
  readonly isUnstable: boolean;
  /** Closed load: no more than users / (think time + time alone in the system), nor the capacity [1/s]. */
  readonly closedBoundPerSec: number | null;
}

const KINDS = Object.keys(PhaseKind).length;

const ORDER: readonly Limit[] = ['gvl', 'cores', 'slots'];

/**
 * Offered load against capacity. Capacity is the smallest of: slots / (CPU + I/O), processes / (time that holds the
 * GVL), cores / (time that needs a core), and what pools and services allow (`callLimits`): the asymptotic bounds of
 * operational analysis.
 *
 * @see P. J. Denning, J. P. Buzen (1978), The operational analysis of queueing network models, ACM Computing Surveys 10(3)
 */
export function loadOf({ system }: ConfigurationSpec, run: RunSpec): ConfigurationLoad {
  const ofHost = slotsOf(system.server);
  const hosts = system.control?.autoscaler?.max ?? system.edges.balancer?.hosts ?? 1;
  const { threads } = ofHost;
  const processes = hosts * ofHost.processes;
  const { cpuQuota } = system.host;
  const cores = hosts * Math.min(system.host.cores, cpuQuota?.cpus ?? Number.POSITIVE_INFINITY);
  const allocationNs = allocationCostNs(system.runtime);
  const demand = meanDemand(system.app, allocationNs);
  const { cpuNs, ioNs, holdNs, nativeNs } = demand;
  const slots = processes * threads;
  const aloneNs = cpuNs + ioNs + holdNs + nativeNs;
  const limitPerSec = {
    slots: perSecond(slots, aloneNs),
    gvl: perSecond(processes, cpuNs + holdNs),
    cores: perSecond(cores, cpuNs + nativeNs),
  };
  const bottleneck = ORDER.reduce((best, limit) => (limitPerSec[limit] < limitPerSec[best] ? limit : best));
  const calls = callLimits(system.app, processes, (phase, all) => lengthAlone(phase, all, allocationNs));
  const capacityPerSec = Math.min(limitPerSec[bottleneck], ...calls.map(({ perSec }) => perSec));
  const { meanPerSec, peakPerSec } = offered(system.load, run.durationNs);
  const utilisation = meanPerSec === null ? null : utilisations(meanPerSec, limitPerSec);
  return {
    hosts,
    processes,
    threads,
    slots,
    gvls: processes,
    cores,
    demand,
    offeredPerSec: meanPerSec,
    peakPerSec,
    limitPerSec,
    callLimits: calls,
    capacityPerSec,
    bottleneck,
    utilisation,
    isUnstable: meanPerSec !== null && meanPerSec > capacityPerSec,
    closedBoundPerSec: system.load.kind === 'closed' ? closedBound(system.load, aloneNs, capacityPerSec) : null,
  };
}

function perSecond(servers: number, demandNs: number): number {
  return demandNs > 0 ? (servers * SECOND) / demandNs : Infinity;
}

function utilisations(rate: number, limits: Readonly<Record<Limit, number>>): Record<Limit, number> {
  return { slots: rate / limits.slots, gvl: rate / limits.gvl, cores: rate / limits.cores };
}

function closedBound(load: Extract<LoadSpec, { kind: 'closed' }>, aloneNs: number, capacityPerSec: number): number {
  return Math.min(capacityPerSec, perSecond(load.users, load.think.mean + aloneNs));
}

/**
 * Mean demands of a request of any class.
 *
 * @param allocationNs Ruby code for each object of an `allocate` phase [ns]
 */
export function meanDemand(app: AppSpec, allocationNs: number): MeanDemand {
  return app.recorded === null ? meanOfClasses(app, allocationNs) : meanOfRows(app.recorded, allocationNs);
}

function meanOfClasses({ classes }: AppSpec, allocationNs: number): MeanDemand {
  const total = classes.reduce((sum, c) => sum + c.weight, 0);
  const sums = new Float64Array(KINDS);
  let classObjects = 0;
  for (const { weight, phases, allocatedObjects } of classes) {
    const share = weight / total;
    classObjects += share * allocatedObjects;
    for (const phase of phases) sums[phase.kind]! += share * meanOfPhase(phase, phases);
  }
  return fromSums(sums, classObjects, allocationNs);
}

/** Phases that take time of a thread; the others lock and unlock. */
const TAKE_TIME: readonly PhaseKind[] = [
  PhaseKind.Cpu,
  PhaseKind.Io,
  PhaseKind.Hold,
  PhaseKind.ShortHolds,
  PhaseKind.Native,
  PhaseKind.Call,
  PhaseKind.Async,
];

function lengthAlone(phase: PhaseSpec, all: readonly PhaseSpec[], allocationNs: number): number {
  if (phase.kind === PhaseKind.Allocate) return meanOfPhase(phase, all) * allocationNs;
  return TAKE_TIME.includes(phase.kind) ? meanOfPhase(phase, all) : 0;
}

/** Calls made at the same time take at least as long as one of them. */
function meanOfPhase({ demand, share, kind, keptObjects }: PhaseSpec, all: readonly PhaseSpec[]): number {
  const together = kind === PhaseKind.Async ? all.filter((other) => isOfGroup(other, keptObjects)).length : 1;
  return demand.mean / (share?.parts ?? 1) / together;
}

function isOfGroup({ kind, keptObjects }: PhaseSpec, group: number): boolean {
  return kind === PhaseKind.Async && keptObjects === group;
}

function meanOfRows(
  { count, phaseKind, phaseDemand }: NonNullable<AppSpec['recorded']>,
  allocationNs: number,
): MeanDemand {
  const sums = new Float64Array(KINDS);
  for (let k = 0; k < phaseKind.length; k++) sums[phaseKind[k]!]! += phaseDemand[k]! / count;
  return fromSums(sums, 0, allocationNs);
}

function fromSums(sums: Float64Array, classObjects: number, allocationNs: number): MeanDemand {
  return {
    cpuNs: sums[PhaseKind.Cpu]! + sums[PhaseKind.Allocate]! * allocationNs,
    ioNs: sums[PhaseKind.Io]! + sums[PhaseKind.Call]! + sums[PhaseKind.Async]!,
    holdNs: sums[PhaseKind.ShortHolds]! + sums[PhaseKind.Hold]!,
    nativeNs: sums[PhaseKind.Native]!,
    phaseObjects: sums[PhaseKind.Allocate]!,
    classObjects,
  };
}

interface Offered {
  readonly meanPerSec: number | null;
  readonly peakPerSec: number | null;
}

function offered(load: LoadSpec, durationNs: number): Offered {
  switch (load.kind) {
    case 'closed':
    case 'backlog':
      return { meanPerSec: null, peakPerSec: null };
    case 'renewal':
      return same(SECOND / load.interarrival.mean);
    case 'recorded':
      return same(recordedRate(load.arrivalNs));
    case 'poisson-steps':
      return { meanPerSec: meanOfSteps(load, durationNs), peakPerSec: Math.max(...load.ratePerSec) };
  }
}

function same(rate: number | null): Offered {
  return { meanPerSec: rate, peakPerSec: rate };
}

/** A trace with fewer arrivals has no rate to speak of. */
const FEWEST_ARRIVALS = 100;

/** Arrivals after the first one over the time from the first to the last. */
function recordedRate(arrivalNs: Float64Array): number | null {
  const spanNs = arrivalNs[arrivalNs.length - 1]! - arrivalNs[0]!;
  return arrivalNs.length >= FEWEST_ARRIVALS && spanNs > 0 ? ((arrivalNs.length - 1) * SECOND) / spanNs : null;
}

/** Time-average over the run; without an end, the last rate is what counts. */
function meanOfSteps({ fromNs, ratePerSec }: Extract<LoadSpec, { kind: 'poisson-steps' }>, durationNs: number): number {
  if (durationNs === Infinity) return ratePerSec.at(-1)!;
  let sum = 0;
  fromNs.forEach((from, k) => {
    const to = Math.min(fromNs[k + 1] ?? durationNs, durationNs);
    if (to > from) sum += (to - from) * ratePerSec[k]!;
  });
  return sum / durationNs;
}
