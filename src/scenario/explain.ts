import { stringify } from 'yaml';
import type { CallLimit } from '../experiment/load/call-limits.js';
import { type ConfigurationLoad, type Limit, loadOf } from '../experiment/load/offered-load.js';
import type { ConfigurationSpec, ExperimentSpec, RunSpec } from '../experiment/spec.js';
import { serverType } from '../model/servers/registry.js';
import type { LoadSpec, RuntimeSpec, SystemSpec } from '../model/spec.js';
import { formatDuration } from '../schema/index.js';
import { explainControl } from './explain-control.js';
import { explainMemory } from './explain-memory.js';

/** The scenario in words: what runs, what is asked of it, and by hand formula what it can do and what saturates first. */
export function explainScenario(experiment: ExperimentSpec): string {
  const { name, description, configurations, run } = experiment;
  const head = [name, ...(description === '' ? [] : [description]), explainRun(run)];
  const blocks = configurations.map((configuration) => explainConfiguration(configuration, run));
  const foot =
    'Hand formulas know nothing of queues at the GVL, garbage collection and server overheads: run the scenario for those.';
  return `${[head.join('\n'), ...blocks, foot].join('\n\n')}\n`;
}

/** The scenario with every default written out, as YAML that can be run. */
export function explainDefaults(experiment: ExperimentSpec): string {
  return stringify(experiment.resolved, { lineWidth: 120, aliasDuplicateObjects: false });
}

function explainRun(run: RunSpec): string {
  const length = lengthOf(run);
  const times = run.replications === 1 ? `one run of ${length}` : `${run.replications} runs of ${length} each`;
  const kind = run.kind === 'transient' ? '; transient: reported over time' : '';
  return `${times}${explainPrecision(run)}, seed ${run.seed}; cut from the start: ${explainWarmUp(run)}${kind}`;
}

function explainPrecision({ precision }: RunSpec): string {
  if (precision === null) return '';
  const targets = precision.targets.map(({ className, metric, statistic, relative }) => {
    const ofClass = className === 'all' ? '' : `{class:${className}}`;
    return `${metric}${ofClass} ${statistic} is known to ${percent(relative)}`;
  });
  return `, more until ${targets.join(' and ')}, at most ${precision.maxReplications}`;
}

function explainWarmUp({ warmup }: RunSpec): string {
  if (warmup.kind === 'auto') return 'what the results call for, at least a tenth';
  if (warmup.kind === 'time') return warmup.ns === 0 ? 'nothing' : formatDuration(warmup.ns);
  return warmup.fraction === 0 ? 'nothing' : percent(warmup.fraction);
}

function lengthOf({ requests, durationNs }: RunSpec): string {
  if (requests !== Infinity) return `${requests} requests`;
  return durationNs === Infinity ? 'all arrivals that the load has' : formatDuration(durationNs);
}

function explainConfiguration(configuration: ConfigurationSpec, run: RunSpec): string {
  const { variant, system } = configuration;
  const load = loadOf(configuration, run);
  const lines: [string, string][] = [
    ...explainProxy(system),
    ...explainBalancer(system),
    ['server', explainServer(system, load)],
    ['runtime', explainRuntime(system.runtime)],
    ['request', explainDemand(load)],
    ...(system.memory.kind === 'off' ? [] : [['memory', explainMemory(system)] as [string, string]]),
    ['load', explainLoad(system.load, load)],
    ...explainClients(system),
    ...explainControl(system),
    ['capacity', explainCapacity(load)],
    ['verdict', explainVerdict(load)],
  ];
  return [variant, ...lines.map(([label, text]) => `  ${label.padEnd(9)} ${text}`)].join('\n');
}

function explainProxy({ edges: { proxy } }: SystemSpec): [string, string][] {
  if (proxy === null) return [];
  return [
    ['proxy', proxy.buffering ? 'reads requests whole before the server sees them' : 'passes requests on at once'],
  ];
}

function explainBalancer({ edges: { balancer } }: SystemSpec): [string, string][] {
  if (balancer === null) return [];
  const { hosts, balance } = balancer;
  return [['balancer', `${many(hosts, 'host')}, ${balance}; what follows is of all hosts together`]];
}

function explainClients({ edges: { clients } }: SystemSpec): [string, string][] {
  if (clients === null) return [];
  const { timeoutNs, retries } = clients;
  const patience = timeoutNs === Infinity ? 'wait for ever' : `give up after ${formatDuration(timeoutNs)}`;
  if (retries === null) return [['clients', `${patience}, never try again`]];
  const { max, backoffNs, factor, jitter, budget } = retries;
  const pause = `pauses of ${formatDuration(backoffNs)} x ${number(factor)} each time${jitter === 'full' ? ', drawn from 0 up' : ''}`;
  const limit = budget === Infinity ? '' : `; all together at most ${percent(budget)} of the first requests`;
  return [['clients', `${patience}; try again up to ${many(max, 'time')}, ${pause}${limit}`]];
}

function explainServer(
  { server, overheads }: SystemSpec,
  { processes, threads, slots, gvls, cores }: ConfigurationLoad,
): string {
  const { explain } = serverType(server.type);
  const units = explain?.(server.params) ?? `${many(processes, 'process', 'processes')} x ${many(threads, 'thread')}`;
  const work = `${units} = ${many(slots, 'slot')}`;
  const none = overheads ? '' : '; no overheads';
  return `${server.type}: ${work}, ${many(gvls, 'GVL')}, ${many(cores, 'core')}${none}`;
}

function explainRuntime({ language, version, gvl, quantumNs, gc }: RuntimeSpec): string {
  const name = language === 'ruby' ? `Ruby ${version}` : `Python ${version}`;
  const collection = {
    off: 'no garbage collection',
    allocation: 'garbage collection driven by allocations',
    explicit: 'garbage collection at stated intervals',
  }[gc.kind];
  return `${name}: ${RULES[gvl]}, ${formatDuration(quantumNs)} a turn; ${collection}`;
}

const RULES = {
  'barging-deadline': 'threads queue for the GVL, late comers may overtake',
  'fifo-ticks': 'threads queue for the GVL in strict order',
  'mn-threads': 'M:N threads queue for the GVL in strict order, 10ms a turn once they have used one up',
  'hot-thread': 'threads queue for the GVL, its last holder may take it back',
  cpython: 'threads wait for the GIL in no order',
} as const;

function explainDemand({ demand }: ConfigurationLoad): string {
  const { cpuNs, ioNs, holdNs, nativeNs, phaseObjects, classObjects } = demand;
  const parts = [`${ms(cpuNs)} Ruby code`, `${ms(ioNs)} I/O`];
  if (holdNs > 0) parts.push(`${ms(holdNs)} holding the GVL without a core`);
  if (nativeNs > 0) parts.push(`${ms(nativeNs)} native code`);
  const objects = phaseObjects + classObjects;
  const alone = ioNs + cpuNs;
  const share = alone > 0 ? ` (I/O ${percent(ioNs / alone)})` : '';
  const garbage = objects > 0 ? `; ${number(objects)} objects allocated` : '';
  return `on average ${parts.join(', ')}${share}${garbage}`;
}

function explainLoad(
  load: LoadSpec,
  { offeredPerSec, peakPerSec, closedBoundPerSec, utilisation, capacityPerSec }: ConfigurationLoad,
): string {
  if (load.kind === 'closed') {
    const bound = `at most ${rate(closedBoundPerSec!)} of them`;
    return `closed: ${many(load.users, 'user')}, mean think time ${ms(load.think.mean)}; ${bound}`;
  }
  if (load.kind === 'backlog') {
    const shortest =
      capacityPerSec === Infinity ? '' : `; drained in ${ms((1e9 * load.jobs) / capacityPerSec)} at best`;
    return `a backlog of ${many(load.jobs, 'job')}${shortest}`;
  }
  if (offeredPerSec === null || utilisation === null) return 'recorded arrivals, too few to speak of a rate';
  const peak =
    peakPerSec !== null && peakPerSec > offeredPerSec * 1.0001 ? ` on average, up to ${rate(peakPerSec)}` : '';
  const use = `busy: each GVL ${percent(utilisation.gvl)}, each core ${percent(utilisation.cores)}, each slot at least ${percent(utilisation.slots)}`;
  return `${load.kind === 'recorded' ? 'recorded' : 'open'}: ${rate(offeredPerSec)}${peak}; ${use}`;
}

function explainCapacity({ limitPerSec, capacityPerSec, callLimits }: ConfigurationLoad): string {
  const { slots, gvl, cores } = limitPerSec;
  const least = [`slots ${rate(slots)}`, `GVLs ${rate(gvl)}`, `cores ${rate(cores)}`, ...callLimits.map(explainCalls)];
  return `${rate(capacityPerSec)} = the least of ${least.join(', ')}`;
}

function explainCalls({ kind, service, size, heldNs, perSec }: CallLimit): string {
  return kind === 'pool'
    ? `${many(size, 'connection')} to ${service} in each process ${rate(perSec)} (a request keeps one for ${ms(heldNs)})`
    : `${service} ${rate(perSec)} (${many(size, 'call')} at a time, ${ms(heldNs)} of them for a request)`;
}

const BOTTLENECKS: Readonly<Record<Limit, string>> = { slots: 'the slots', gvl: 'the GVLs', cores: 'the cores' };

function explainVerdict({
  limitPerSec,
  callLimits,
  isUnstable,
  offeredPerSec,
  peakPerSec,
  capacityPerSec,
}: ConfigurationLoad): string {
  const first = `${firstToSaturate(limitPerSec, callLimits, capacityPerSec)} saturate first`;
  if (capacityPerSec === Infinity) return 'nothing saturates: the requests need no time';
  if (offeredPerSec === null) return first;
  const ratio = offeredPerSec / capacityPerSec;
  if (isUnstable)
    return `UNSTABLE: offered load is ${number(ratio)} of capacity, queues grow for the whole run; ${first}`;
  const isPeak = peakPerSec !== null && peakPerSec > capacityPerSec;
  const peak = isPeak ? `; overloaded for a time: the peak is ${number(peakPerSec / capacityPerSec)} of capacity` : '';
  return `stable, at ${percent(ratio)} of capacity; ${first}${peak}`;
}

/** All that have the least capacity; two hand formulas that come to the same may differ in the last digit. */
function firstToSaturate(
  limitPerSec: ConfigurationLoad['limitPerSec'],
  calls: readonly CallLimit[],
  capacityPerSec: number,
): string {
  const limits: readonly Limit[] = ['gvl', 'cores', 'slots'];
  const isFirst = (perSec: number): boolean => perSec <= capacityPerSec * (1 + 1e-9);
  const first = limits.filter((limit) => isFirst(limitPerSec[limit])).map((limit) => BOTTLENECKS[limit]);
  const called = calls.filter(({ perSec }) => isFirst(perSec));
  return [
    ...first,
    ...called.map(({ kind, service }) =>
      kind === 'pool' ? `the connections to ${service}` : `the calls of ${service}`,
    ),
  ].join(' and ');
}

function many(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

function ms(ns: number): string {
  return `${number(ns / 1e6)} ms`;
}

function rate(perSec: number): string {
  return perSec === Infinity ? 'unlimited' : `${number(perSec)}/s`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** Four digits, never in scientific notation. */
function number(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
