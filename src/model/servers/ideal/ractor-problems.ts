import type { SystemSpec } from '../../spec.js';
import type { ServerProblem } from '../server.js';

/** What does not go together with ractors. */
export function ractorProblems({
  runtime,
  memory,
  operations,
}: Pick<SystemSpec, 'runtime' | 'memory' | 'operations'>): ServerProblem[] {
  const { language, version, gc } = runtime;
  const problem = (message: string): ServerProblem => ({ path: ['ractors'], message });
  const problems: ServerProblem[] = [];
  if (language !== 'ruby') problems.push(problem('only Ruby has ractors'));
  else if (Number(version.split('.')[0]) < 3)
    problems.push(problem(`Ruby ${version} has no ractors: they came with 3.0`));
  if (memory.kind !== 'off') problems.push(problem('the memory of ractors is not simulated: leave out app.memory'));
  if (gc.kind === 'allocation' && gc.outOfBandRequests > 0) {
    problems.push(problem('collections between requests are not simulated with ractors'));
  }
  if (operations !== undefined) problems.push(problem('ractors live as long as the run: leave out operations'));
  return problems;
}
