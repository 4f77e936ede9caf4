import { serverType } from '../../model/servers/registry.js';
import type { LoadSpec, SystemSpec } from '../../model/spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

/** What keeps the system from doing more than it can; nothing where the scenario has nothing of it. */
export function buildControl(
  { control, overheads, server }: ScenarioText,
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
  return { control };
}
