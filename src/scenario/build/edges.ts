import { serverType } from '../../model/servers/registry.js';
import type { ClientsSpec, EdgesSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

/** What stands between those who send requests and the server. */
export function buildEdges(scenario: ScenarioText, context: BuildContext): EdgesSpec {
  checkKeepAlive(scenario, context);
  warnOfJobs(scenario, context);
  return {
    balancer: scenario.load_balancer ?? null,
    proxy: scenario.proxy ?? null,
    clients: buildClients(scenario, context),
  };
}

/** Jobs come by Redis: what stands between users and a web server has no part in that. */
function warnOfJobs({ server, ...scenario }: ScenarioText, { findings }: BuildContext): void {
  if (serverType(server.kind).fetchesWork !== true) return;
  for (const key of ['load_balancer', 'proxy', 'clients'] as const) {
    if (scenario[key] === undefined) continue;
    const message = `nobody connects to ${server.kind}, which fetches its jobs: ${key} is simulated as if somebody did`;
    findings.warning([key], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  const { admission = null, queueAge = null } = scenario.control ?? {};
  for (const [key, policy] of Object.entries({ admission, shed_by_queue_age: queueAge })) {
    if (policy === null) continue;
    const message = `jobs are not refused: simulated as if somebody stood before the queues of ${server.kind} and did`;
    findings.warning(['control', key], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
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
