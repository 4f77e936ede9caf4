import { BOOT_FREE_RATIO } from '../../model/gc/policies.js';
import { serverType } from '../../model/servers/registry.js';
import type { SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

const PERIOD_NS = 100e6;

/** Warns of what is stated, and changes nothing: its author expects something of it. */
export function warnOfNoEffect(scenario: ScenarioText, system: SystemSpec, { findings }: BuildContext): void {
  const { server, host, load, proxy, app } = scenario;
  const { gc, language } = system.runtime;
  const { withoutEffect, keepsConnections, fetchesWork } = serverType(server.kind);
  const warning = (path: readonly string[], message: string): void =>
    findings.warning(path, { code: 'SCN_NO_EFFECT', message, at: 'key' });
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
  if (load.kind === 'backlog' && fetchesWork !== true) {
    const message = `a full queue is of job processors: to ${server.kind} so many connections come at once`;
    findings.warning(['load', 'backlog'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
}
