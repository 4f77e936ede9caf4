import { SECOND } from '../../kernel/time.js';
import type { LoadSpec } from '../../model/spec.js';
import { createConstant, createExponential } from '../../random/distributions/index.js';
import { readArrivals } from '../csv/times.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

type OpenSpec = Extract<LoadSpec, { kind: 'renewal' | 'poisson-steps' }>;
type OpenText = Extract<ScenarioText['load'], { kind: 'open' }>['value'];

/** Where requests come from. */
export function buildLoad({ load, app }: ScenarioText, context: BuildContext): LoadSpec {
  if (load.kind === 'open') {
    const { at_start } = load.value;
    const open = buildOpen(load.value, context);
    return at_start === undefined ? open : { ...open, atStart: at_start };
  }
  if (load.kind === 'closed') {
    const { users, think, keep_alive } = load.value;
    return {
      kind: 'closed',
      users,
      think: context.distribution(think, ['load', 'closed', 'think']),
      keepAlive: keep_alive,
    };
  }
  if (load.kind === 'backlog') return { kind: 'backlog', jobs: load.value.jobs };
  const { file, column } = load.value;
  const path = ['load', 'recorded', 'file'];
  const arrivalNs = context.fromFile(path, file, (table) => readArrivals(table, column)) ?? new Float64Array(1);
  if (
    app.recorded !== undefined &&
    context.resolve(path, file) === context.resolve(['app', 'recorded', 'file'], app.recorded.file)
  ) {
    if (app.recorded.order === 'random') {
      const message = 'arrivals and demands of one file go together row by row; order: random would part them';
      context.findings.problem(['app', 'recorded', 'order'], { code: 'SCN_COMBINATION', message });
    }
  }
  return { kind: 'recorded', arrivalNs };
}

function buildOpen({ rate, interarrival, every }: OpenText, context: BuildContext): OpenSpec {
  if (every !== undefined) return { kind: 'renewal', interarrival: createConstant(every) };
  if (interarrival !== undefined)
    return buildRenewal(context.distribution(interarrival, ['load', 'open', 'interarrival']), context);
  if (typeof rate === 'number') return { kind: 'renewal', interarrival: createExponential(SECOND / rate) };
  return buildSteps(rate ?? [], context);
}

function buildRenewal(interarrival: ReturnType<BuildContext['distribution']>, { findings }: BuildContext): OpenSpec {
  if (!(interarrival.mean > 0)) {
    findings.problem(['load', 'open', 'interarrival'], {
      code: 'SCN_RANGE',
      message: 'the mean time between arrivals must be longer than 0s',
    });
  }
  return { kind: 'renewal', interarrival };
}

function buildSteps(steps: readonly { from: number; rate: number }[], { findings }: BuildContext): OpenSpec {
  const path = ['load', 'open', 'rate'];
  steps.forEach((step, k) => {
    if (k === 0 && step.from !== 0)
      findings.problem([...path, 0, 'from'], { code: 'SCN_RANGE', message: 'the first rate must hold from 0s on' });
    if (k > 0 && step.from <= steps[k - 1]!.from) {
      findings.problem([...path, k, 'from'], { code: 'SCN_RANGE', message: 'must be later than the step before' });
    }
  });
  if (steps.every((step) => step.rate === 0))
    findings.problem(path, { code: 'SCN_RANGE', message: 'nobody ever arrives' });
  return { kind: 'poisson-steps', fromNs: steps.map((s) => s.from), ratePerSec: steps.map((s) => s.rate) };
}
