import type { GvlPolicyName, RuntimeSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import { hasTicks, honoursTimeslice, rubyPolicy } from '../notation/versions.js';
import type { ScenarioText } from '../schema/index.js';
import { buildCollector } from './collector.js';
import type { BuildContext } from './context.js';

const TICK_NS = 10_000_000;
const RUBY_QUANTUM_NS = 100_000_000;

/** The language runtime: how threads take turns, when garbage is collected. */
export function buildRuntime(scenario: ScenarioText, context: BuildContext): RuntimeSpec {
  const { ruby, python } = scenario;
  if (ruby !== undefined && python !== undefined) {
    context.findings.problem(['python'], {
      code: 'SCN_COMBINATION',
      message: 'expected ruby or python; received both',
      at: 'key',
    });
  }
  if (python !== undefined) {
    const { version, switch_interval: quantumNs } = python;
    return { language: 'python', version, gvl: 'cpython', quantumNs, gc: { kind: 'off' } };
  }
  const { version, timeslice } = ruby!;
  const gvl = policyOf(version, ruby!.mn_threads, context);
  checkTimeslice(version, timeslice, context);
  return {
    language: 'ruby',
    version,
    gvl,
    quantumNs: timeslice,
    gc: buildCollector(scenario, context),
    ...buildYjit(ruby!.yjit),
  };
}

function buildYjit(yjit: NonNullable<ScenarioText['ruby']>['yjit']): Pick<RuntimeSpec, 'yjit'> {
  if (yjit === undefined) return {};
  return { yjit: { speedup: yjit.speedup, callThreshold: yjit.call_threshold, compileNs: yjit.compile } };
}

function checkTimeslice(version: string, timesliceNs: number, { findings }: BuildContext): void {
  if (timesliceNs === RUBY_QUANTUM_NS) return;
  const path = ['ruby', 'timeslice'];
  if (!honoursTimeslice(version)) {
    const message = `Ruby ${version} has a fixed time slice of 100ms; simulated as if it could be set`;
    findings.warning(path, {
      code: 'SCN_TIMESLICE_VERSION',
      message,
      hint: 'RUBY_THREAD_TIMESLICE exists since Ruby 3.4',
    });
  }
  if (hasTicks(rubyPolicy(version)!) && timesliceNs % TICK_NS !== 0) {
    const acts = formatDuration(Math.ceil(timesliceNs / TICK_NS) * TICK_NS);
    const message = `the timer ticks every 10ms: ${formatDuration(timesliceNs)} acts as ${acts}`;
    findings.warning(path, { code: 'SCN_TIMESLICE_TICK', message });
  }
}

/** RUBY_MN_THREADS exists since the lock was rewritten for 3.3; how it acts on later locks is not known. */
function policyOf(version: string, isMn: boolean, { findings }: BuildContext): GvlPolicyName {
  const policy = rubyPolicy(version)!;
  if (!isMn) return policy;
  if (policy === 'fifo-ticks') return 'mn-threads';
  const message = `M:N threads are simulated for Ruby 3.3 to 4.0, not for ${version}`;
  findings.problem(['ruby', 'mn_threads'], { code: 'SCN_COMBINATION', message, at: 'key' });
  return policy;
}
