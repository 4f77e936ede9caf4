import type { ExperimentSpec } from '../experiment/spec.js';
import { formatProblems, type Problem } from '../schema/index.js';
import type { CommonArgs } from './arguments/options.js';
import { Exit } from './exit-codes.js';
import { loadExperiment, type ScenarioRequest } from './load.js';
import { printNote, tableWidthOf, wantsColour } from './terminal.js';

/** Shows problems (or warnings) of a scenario on stderr. */
export function printProblems(problems: readonly Problem[], args: CommonArgs, noun = 'problem'): void {
  if (problems.length === 0) return;
  printNote(
    formatProblems(problems, { colour: wantsColour(process.stderr, args), noun, width: tableWidthOf(process.stderr) }),
  );
}

/** Loads a scenario and shows what is wrong with it. Returns the exit code instead of an experiment if it is not valid. */
export function loadOrExplain(
  request: ScenarioRequest,
  args: CommonArgs,
): { readonly experiment: ExperimentSpec; readonly warnings: readonly Problem[] } | number {
  const { experiment, problems, warnings } = loadExperiment(request);
  if (experiment === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) printProblems(warnings, args, 'warning');
  return { experiment, warnings };
}
