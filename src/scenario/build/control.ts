import { limitType } from '../../model/control/admission/limits/index.js';
import type { AdmissionSpec, ControlSpec } from '../../model/control-spec.js';
import { serverType, slotsOf } from '../../model/servers/registry.js';
import type { LoadSpec, SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { Findings } from '../source/findings.js';
import type { BuildContext } from './context.js';

/** What keeps the system from doing more than it can; nothing where the scenario has nothing of it. */
export function buildControl(
  { control, overheads, server, load_balancer }: ScenarioText,
  load: LoadSpec,
  { findings }: BuildContext,
): Pick<SystemSpec, 'control'> {
  if (control === undefined) return {};
  // Who is refused in no time and comes back in no time would do so for ever at the same instant.
  const isEndless = load.kind === 'closed' && load.think.mean === 0 && overheads === 'none';
  if (control.admission !== null && isEndless) {
    const message = 'users who are refused at once, without overheads, and think no time would never stop coming';
    findings.problem(['control', 'admission'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  const contradiction = control.admission === null ? null : contradictionIn(control.admission);
  if (contradiction !== null) {
    const { path, message } = contradiction;
    findings.problem(['control', 'admission', ...path], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  checkAdaptiveThreads({ control, server }, findings);
  checkAutoscaler(control.autoscaler, load_balancer?.hosts ?? null, findings);
  return { control };
}

function contradictionIn({ kind, value }: AdmissionSpec): { path: readonly string[]; message: string } | null {
  const found = limitType(kind).contradiction?.(value) ?? null;
  return found === null ? null : { path: [kind, found.key], message: found.message };
}

function checkAdaptiveThreads(
  { control, server }: { control: ControlSpec; server: ScenarioText['server'] },
  findings: Findings,
): void {
  if (control.adaptiveThreads === null) return;
  const problem = (key: readonly string[], message: string): void =>
    findings.problem(['control', 'adaptive_threads', ...key], { code: 'SCN_COMBINATION', message, at: 'key' });
  const { above, below, min } = control.adaptiveThreads;
  if (!serverType(server.kind).adaptsThreads) {
    problem([], `${server.kind} has a fixed number of threads: adaptive_threads is of servers that can change it`);
    return;
  }
  if (below > above) problem(['below'], `below ${below} is greater than above ${above}`);
  const { threads } = slotsOf({ type: server.kind, params: server.value });
  if (min > threads) problem(['min'], `min ${min} is more than the ${threads} threads of each process`);
}

/** @param hosts of the load balancer; null: there is none */
function checkAutoscaler(autoscaler: ControlSpec['autoscaler'], hosts: number | null, findings: Findings): void {
  if (autoscaler === null) return;
  const problem = (key: string, message: string): void =>
    findings.problem(['control', 'autoscaler', ...(key === '' ? [] : [key])], {
      code: 'SCN_COMBINATION',
      message,
      at: 'key',
    });
  const { min, max, signal } = autoscaler;
  if (hosts === null) problem('', 'an autoscaler adds hosts to a load_balancer, and there is none');
  else if (hosts < min || hosts > max) {
    problem('', `expected load_balancer.hosts, with which it begins, from min ${min} to max ${max}; received ${hosts}`);
  } else if (min > max) problem('min', `min ${min} is above max ${max}`);
  if (signal.kind === 'queue_time' && signal.downBelowNs > signal.upAboveNs) {
    problem('signal', 'down_below is above up_above');
  }
}
