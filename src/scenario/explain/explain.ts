import { stringify } from 'yaml';
import { type ConfigurationLoad, loadOf } from '../../experiment/load/offered-load.js';
import type { ConfigurationSpec, ExperimentSpec, RunSpec } from '../../experiment/spec.js';
import { serverType } from '../../model/servers/registry.js';
import type { RuntimeSpec, SystemSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import { explainCapacity, explainVerdict } from './capacity.js';
import { explainControl } from './control.js';
import { explainBalancer, explainClients, explainProxy } from './edges.js';
import { explainMemory } from './memory.js';
import { explainRun } from './run.js';
import { explainDemand, explainLoad } from './traffic.js';
import { many } from './words.js';

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
