import { heapRules } from '../../model/gc/heap-rules.js';
import { BOOT_FREE_RATIO } from '../../model/gc/policies.js';
import { PhaseKind } from '../../model/phases.js';
import { serverType, slotsOf } from '../../model/servers/registry.js';
import type { SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

const PERIOD_NS = 100e6;

type Warn = (path: readonly PropertyKey[], message: string) => void;

/** Warns of what is stated, and changes nothing: its author expects something of it. */
export function warnOfNoEffect(scenario: ScenarioText, system: SystemSpec, { findings }: BuildContext): void {
  const { server, host, load, proxy, app } = scenario;
  const { gc, language } = system.runtime;
  const { withoutEffect, keepsConnections, fetchesWork } = serverType(server.kind);
  const warning: Warn = (path, message) => findings.warning(path, { code: 'SCN_NO_EFFECT', message, at: 'key' });
  for (const { path, message } of withoutEffect?.(server.value, system) ?? []) {
    warning(['server', server.kind, ...path], message);
  }
  if (host.cpu_quota !== undefined && host.cpu_quota > host.cores) {
    warning(['host', 'cpu_quota'], `more CPUs than cores, ${host.cores}: it limits nothing`);
  }
  if (host.cpu_quota === undefined && host.cpu_period !== PERIOD_NS) {
    warning(['host', 'cpu_period'], 'is the period of cpu_quota, and there is none');
  }
  if (app.boot_free_slots !== BOOT_FREE_RATIO && (gc.kind !== 'allocation' || language !== 'ruby')) {
    warning(['app', 'boot_free_slots'], 'is for gc: on of a Ruby, which follows the heap');
  }
  if (load.kind === 'closed' && load.value.keep_alive) {
    const path = ['load', 'closed', 'keep_alive'];
    if (proxy !== undefined)
      warning(path, 'users keep their connection to the proxy, which opens one for each request');
    else if (keepsConnections?.(server.value) !== true) {
      warning(path, `${server.kind}, as it is set up and simulated, closes each connection after the answer`);
    }
  }
  warnOfObjectSizes(system, scenario.app, warning);
  warnOfRates(system, scenario, warning);
  warnOfOperations(system, warning);
  warnOfThreads(system, scenario.app, warning);
  if (load.kind === 'backlog' && fetchesWork !== true) {
    const message = `a full queue is of job processors: to ${server.kind} so many connections come at once`;
    findings.warning(['load', 'backlog'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
}

/** Sizes of objects decide on the slots of a Ruby heap that is followed, and on what of them is malloced. */
function warnOfObjectSizes(
  { runtime, app, memory }: SystemSpec,
  { object_sizes }: ScenarioText['app'],
  warning: Warn,
): void {
  if (object_sizes === undefined) return;
  const { gc, language, version } = runtime;
  const path = ['app', 'object_sizes'];
  if (language !== 'ruby' || gc.kind !== 'allocation') {
    const message = 'is for gc: on of a Ruby, which follows the heap';
    const hasContents = memory.kind === 'simulated' && (app.bodyBytesPerObject ?? 0) > 0;
    if (object_sizes.resident !== undefined) warning([...path, 'resident'], message);
    if (object_sizes.allocated !== undefined && !hasContents) warning([...path, 'allocated'], message);
    return;
  }
  if (object_sizes.resident !== undefined && heapRules(version).slotBytes.length === 1) {
    warning([...path, 'resident'], `all objects of Ruby ${version} have slots of 40 bytes`);
  }
}

/** Clients that send or receive slowly what has no size. */
function warnOfRates({ app }: SystemSpec, { clients }: ScenarioText, warning: Warn): void {
  if (clients === undefined || app.recorded !== null) return;
  if (Number.isFinite(clients.sendsBytesPerSec) && app.classes.every(({ uploadNs }) => uploadNs === undefined)) {
    warning(['clients', 'send_rate'], 'no class of app.classes has a body, so there is nothing to send slowly');
  }
  if (clients.receives !== null && app.classes.every(({ downloadNs = 0 }) => downloadNs <= 0)) {
    const message = 'no class of app.classes has a response larger than what the sockets hold, so nobody waits for it';
    warning(['clients', 'receive_rate'], message);
  }
}

function warnOfOperations({ operations = [], edges: { balancer } }: SystemSpec, warning: Warn): void {
  if (balancer === null) return;
  for (const [k, operation] of operations.entries()) {
    if (operation.kind === 'rolling-restart' && operation.atATime >= balancer.hosts) {
      const message = `all ${balancer.hosts} hosts at the same time: nobody serves meanwhile, and nothing rolls`;
      warning(['operations', k, 'rolling_restart', 'at_a_time'], message);
    }
    if (operation.kind === 'host-loss' && operation.noticedAfterNs >= operation.backAfterNs) {
      warning(['operations', k, 'host_loss'], 'back before the balancer notices the loss (noticed_after)');
    }
  }
}

function warnOfThreads({ app, control, server }: SystemSpec, written: ScenarioText['app'], warning: Warn): void {
  const { threads } = slotsOf(server);
  if (control?.adaptiveThreads?.min === threads) {
    warning(['control', 'adaptive_threads'], `min is all the threads of a process, ${threads}: none can be taken away`);
  }
  const hasPools = (app.services ?? []).some(({ pool }) => pool !== null);
  if ((app.rackTimeout?.breaksConnections ?? 0) > 0 && !hasPools) {
    warning(['app', 'rack_timeout', 'breaks_connections'], 'no service has a pool, so there is no connection to break');
  }
  if (written.async_threads !== undefined && !usesAsync(app)) {
    warning(['app', 'async_threads'], 'no class makes calls with load_async');
  }
}

function usesAsync({ classes, recorded }: SystemSpec['app']): boolean {
  return recorded !== null || classes.some(({ phases }) => phases.some(({ kind }) => kind === PhaseKind.Async));
}
