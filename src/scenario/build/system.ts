import { serverType } from '../../model/servers/registry.js';
import type { HostSpec, ServerSpec, SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import { buildApp } from './app.js';
import { AT_ONCE } from './classes.js';
import type { BuildContext } from './context.js';
import { buildControl } from './control.js';
import { buildEdges } from './edges.js';
import { buildLoad } from './load.js';
import { buildMemory } from './memory.js';
import { bodiesAllocated } from './object-sizes.js';
import { buildOperations } from './operations.js';
import { buildRuntime } from './runtime.js';
import { warnOfNoEffect } from './without-effect.js';

const NAMES = { ruby: 'Ruby', python: 'Python' } as const;

/** The system of one configuration, from a scenario in which every default is written out. */
export function buildSystem(scenario: ScenarioText, context: BuildContext): SystemSpec {
  const { server, python } = scenario;
  const language = python === undefined ? 'ruby' : 'python';
  const { languages, check } = serverType(server.kind);
  if (!languages.includes(language)) {
    const message = `${server.kind} runs ${NAMES[languages[0]!]}; simulated as if it could run ${NAMES[language]}`;
    context.findings.warning(['server', server.kind], { code: 'SCN_LANGUAGE', message, at: 'key' });
  }
  const load = buildLoad(scenario, context);
  const edges = buildEdges(scenario, context);
  if (scenario.app.rack_timeout !== undefined && serverType(server.kind).runsRack !== true) {
    const message = `Rack::Timeout raises in threads that serve Rack applications; not simulated with ${server.kind}`;
    context.findings.problem(['app', 'rack_timeout'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  const runtime = buildRuntime(scenario, context);
  const bodies = bodiesAllocated(scenario.app, runtime);
  const app = buildApp(scenario.app, bodies, scenario.clients ?? AT_ONCE, context);
  const system: SystemSpec = {
    host: buildHost(scenario),
    runtime,
    server: { type: server.kind, params: server.value } satisfies ServerSpec,
    app,
    load,
    edges,
    ...buildControl(scenario, load, context),
    ...buildOperations(scenario, load, edges, context),
    memory: buildMemory(scenario, app, bodies, context),
    overheads: scenario.overheads === 'measured',
  };
  for (const { path, message } of check?.(server.value, system) ?? []) {
    context.findings.problem(['server', server.kind, ...path], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  warnOfNoEffect(scenario, system, context);
  return system;
}

function buildHost({ host }: ScenarioText): HostSpec {
  const { cores, scheduler, somaxconn } = host;
  const base = {
    cores,
    somaxconn,
    cpuQuota: host.cpu_quota === undefined ? null : { cpus: host.cpu_quota, periodNs: host.cpu_period },
    coldCaches: host.cold_caches,
    memoryBytes: host.memory ?? Number.POSITIVE_INFINITY,
    synLinearTimeouts: host.tcp_syn_linear_timeouts,
    wakeLatencyNs: host.wake_latency!,
    warmWakeLatencyNs: Math.min(host.warm_wake_latency!, host.wake_latency!),
    sleepOvershootNs: host.sleep_overshoot!,
    ioCallNs: host.io_call!,
    preemptAfterNs: host.preempt_after,
  };
  return scheduler.kind === 'time_slices'
    ? { ...base, scheduler: 'time-slices', timeSliceNs: scheduler.value.slice }
    : { ...base, scheduler: 'processor-sharing', timeSliceNs: 0 };
}
