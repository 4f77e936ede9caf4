import type { ClientsSpec, EdgesSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

/** What stands between those who send requests and the server. */
export function buildEdges(scenario: ScenarioText, context: BuildContext): EdgesSpec {
  checkKeepAlive(scenario, context);
  return {
    balancer: scenario.load_balancer ?? null,
    proxy: scenario.proxy ?? null,
    clients: buildClients(scenario, context),
  };
}

/** Clients that never give up and never try again are the same as none. */
function buildClients({ clients, proxy, load }: ScenarioText, { findings }: BuildContext): ClientsSpec | null {
  const timeoutNs = clients?.timeoutNs ?? Number.POSITIVE_INFINITY;
  const gatewayTimeoutNs = proxy?.readTimeoutNs ?? Number.POSITIVE_INFINITY;
  const retries = clients?.retries ?? null;
  if (timeoutNs !== Number.POSITIVE_INFINITY && load.kind === 'closed' && load.value.keep_alive) {
    const message = 'what becomes of a kept connection whose user gave up is not simulated';
    findings.problem(['clients', 'timeout'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  if (retries !== null && retries.backoffNs > retries.maxBackoffNs) {
    const [first, longest] = [retries.backoffNs, retries.maxBackoffNs].map(formatDuration);
    const message = `the first pause, backoff ${first}, is longer than the longest, max_backoff ${longest}`;
    findings.problem(['clients', 'retries', 'backoff'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  const isPatient = timeoutNs === Number.POSITIVE_INFINITY && gatewayTimeoutNs === Number.POSITIVE_INFINITY;
  return isPatient && retries === null ? null : { timeoutNs, retries, gatewayTimeoutNs };
}

function checkKeepAlive({ load, load_balancer }: ScenarioText, { findings }: BuildContext): void {
  if (load_balancer === undefined || load.kind !== 'closed' || !load.value.keep_alive) return;
  const message =
    'a load balancer sends every request on a connection of its own; keep_alive is not simulated behind one';
  findings.problem(['load', 'closed', 'keep_alive'], { code: 'SCN_COMBINATION', message, at: 'key' });
}
