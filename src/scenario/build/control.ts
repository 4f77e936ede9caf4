import type { ControlSpec } from '../../model/control-spec.js';
import { serverType } from '../../model/servers/registry.js';
import type { LoadSpec, SystemSpec } from '../../model/spec.js';
import type { Findings } from '../findings.js';
import type { ScenarioText } from '../schema/index.js';
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
  if (control.adaptiveThreads !== null && !serverType(server.kind).adaptsThreads) {
    const message = `${server.kind} has a fixed number of threads: adaptive_threads is of servers that can change it`;
    findings.problem(['control', 'adaptive_threads'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  checkAutoscaler(control.autoscaler, load_balancer?.hosts ?? null, findings);
  return { control };
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
