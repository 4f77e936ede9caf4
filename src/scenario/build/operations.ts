import type { OperationSpec } from '../../model/operations-spec.js';
import { serverType, slotsOf } from '../../model/servers/registry.js';
import type { EdgesSpec, LoadSpec, SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

/** What is done to the running system; nothing where the scenario says nothing of it. */
export function buildOperations(
  { operations, server, load_balancer }: ScenarioText,
  load: LoadSpec,
  edges: EdgesSpec,
  { findings }: BuildContext,
): Pick<SystemSpec, 'operations'> {
  if (operations === undefined || operations.length === 0) return {};
  const problem = (path: readonly PropertyKey[], message: string): void =>
    findings.problem(['operations', ...path], { code: 'SCN_COMBINATION', message, at: 'key' });
  if (serverType(server.kind).canRestart !== true) {
    problem([], `processes of ${server.kind} live as long as the run: leave out operations`);
  }
  const { processes } = slotsOf({ type: server.kind, params: server.value });
  const hosts = load_balancer?.hosts ?? 1;
  operations.forEach((operation: OperationSpec, k) => {
    if (operation.kind === 'rolling-restart' && load_balancer === undefined) {
      problem([k, 'rolling_restart'], 'restarts hosts behind a load_balancer, and there is none');
    }
    if (operation.kind === 'full-restart' && operation.quietNs > 0 && serverType(server.kind).canBeQuiet !== true) {
      problem([k, 'full_restart', 'quiet'], `${server.kind} has no such signal: it is of Sidekiq`);
    }
    if (operation.kind === 'host-loss' || operation.kind === 'worker-loss') {
      const key = operation.kind === 'host-loss' ? 'host_loss' : 'worker_loss';
      if (operation.host >= hosts) problem([k, key], `there is no host ${operation.host}: they are 0 to ${hosts - 1}`);
    }
    if (operation.kind === 'worker-loss' && operation.worker >= processes) {
      problem([k, 'worker_loss'], `there is no worker ${operation.worker}: they are 0 to ${processes - 1}`);
    }
    if (operation.kind === 'host-loss' && operation.isSilent) {
      const at = [k, 'host_loss', 'silent'];
      if (serverType(server.kind).fetchesWork === true) problem(at, `nobody connects to ${server.kind}: leave it out`);
      else if (!givesUp(edges)) {
        problem(
          at,
          'whoever has a connection to the host would wait for ever: give clients a timeout, or proxy a read_timeout',
        );
      }
    }
    const isForGood =
      operation.kind === 'host-loss' && !operation.isSilent && operation.backAfterNs === Number.POSITIVE_INFINITY;
    if (isForGood && serverType(server.kind).fetchesWork === true) {
      problem(
        [k, 'host_loss'],
        'jobs are not refused, they would wait for ever: say back_after, when it is there again',
      );
    }
    const isRefusing = operation.kind === 'host-loss' || operation.kind === 'rolling-restart';
    if (isRefusing && load.kind === 'closed' && load.think.mean === 0) {
      problem([k], 'users who are refused at once and think no time would never stop coming: give them a think time');
    }
  });
  return { operations };
}

function givesUp({ clients }: EdgesSpec): boolean {
  return clients !== null && Math.min(clients.timeoutNs, clients.gatewayTimeoutNs) !== Number.POSITIVE_INFINITY;
}
