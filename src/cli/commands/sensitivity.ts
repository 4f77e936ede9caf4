import type { ReplicationResult } from '../../experiment/result.js';
import { runExperiment } from '../../experiment/run-experiment.js';
import { goalText } from '../../experiment/search/goal.js';
import { type OutputSensitivity, sensitivityOf } from '../../experiment/sensitivity.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { csvChunks, type Row } from '../../report/csv.js';
import { rowAsObject } from '../../report/json.js';
import { dataPackage } from '../../report/outputs/data-package.js';
import { circumstances, manifestText, SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { SENSITIVITY, sensitivityRows } from '../../report/outputs/sensitivity.js';
import type { SensitivityPlan } from '../../scenario/index.js';
import type { SensitivityArgs } from '../arguments/options.js';
import { Exit } from '../exit-codes.js';
import { manifestContext } from '../files/manifest-context.js';
import type { OutDirectory } from '../files/out-directory.js';
import { withResultDirectory } from '../files/result-directory.js';
import { catchInterrupt } from '../interrupt.js';
import { openSensitivity, type ScenarioRequest } from '../load.js';
import { formatted } from '../print/formatted.js';
import { grid, markdown } from '../print/grid.js';
import { digits, percent } from '../print/numbers.js';
import { paintFor } from '../print/paint.js';
import { printProblems } from '../problems.js';
import { showProgress } from '../progress.js';
import { openCellExecutor } from '../running/cell-executor.js';
import { estimateOf, estimateText } from '../running/estimate.js';
import { threadsWanted } from '../running/simulate.js';
import { formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

/** `gvlsim sensitivity FILE`: which of the inputs moves the results most. */
export async function sensitivity(args: SensitivityArgs): Promise<number> {
  formatWanted(args);
  const request = scenarioRequest(args);
  threadsWanted(args);
  const { plan, problems, warnings } = openSensitivity(request);
  if (plan === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) printProblems(warnings, args, 'warning');
  return withResultDirectory(plan.name, '-sensitivity', args, (directory) => varyInto(directory, plan, request, args));
}

async function varyInto(
  directory: OutDirectory | null,
  plan: SensitivityPlan,
  request: ScenarioRequest,
  args: SensitivityArgs,
): Promise<number> {
  const startMs = performance.now();
  const base = plan.base.experiment!;
  const jobs = threadsWanted(args);
  if (!args.quiet) {
    const cells = 1 + 2 * plan.inputs.length;
    printNote(`${plan.name}: ${plan.inputs.length} inputs, ${estimateText(estimateOf([base], cells, jobs))}`);
  }
  const results = await simulateAll(plan, base, request, jobs, args);
  if (typeof results === 'number') {
    printNote('gvlsim: interrupted before all inputs were varied: nothing to write');
    return results;
  }
  const [asIs, ...others] = results;
  const ends = plan.inputs.map((_, k) => ({ low: others[2 * k]!, high: others[2 * k + 1]! }));
  const variants = base.configurations.map(({ variant }) => variant);
  const level = base.run.confidence;
  const found = sensitivityOf({ base: asIs!, ends }, variants, plan.outputs, level);
  const rows = [...sensitivityRows(plan.name, found, plan.inputs, level)];
  const text = formatted(formatWanted(args), {
    table: SENSITIVITY,
    rows: () => rows,
    json: () => ({ ...head(plan), sensitivity: rows.map((row) => rowAsObject(SENSITIVITY, row)) }),
    text: (isMarkdown) => shown(plan, found, isMarkdown, args),
  });
  try {
    if (directory !== null) writeFiles(directory, plan, base, rows, startMs);
  } finally {
    await printData(text); // also if the disk is full: simulating may have taken long
  }
  if (directory !== null && !args.quiet) printNote(`wrote ${directory.path}/`);
  return Exit.Ok;
}

function writeFiles(
  directory: OutDirectory,
  plan: SensitivityPlan,
  base: ExperimentSpec,
  rows: readonly Row[],
  startMs: number,
): void {
  const files = [directory.write('sensitivity.csv', csvChunks(SENSITIVITY, rows))];
  const resources = [{ path: 'sensitivity.csv', table: SENSITIVITY }];
  files.push(directory.write('datapackage.json', [dataPackage(plan.name, base.description, resources)]));
  const content = {
    ...head(plan),
    tool: 'gvlsim',
    scenario_name: plan.name,
    complete: true,
    seed: base.run.seed,
    scenario: base.resolved,
    ...circumstances(manifestContext('sensitivity', (performance.now() - startMs) / 1000, files)),
  };
  directory.write('manifest.json', [manifestText(content)]);
}

function head({ name }: SensitivityPlan): object {
  return { schema_version: SCHEMA_VERSION, command: 'sensitivity', gvlsim_version: gvlsimVersion(), scenario: name };
}

/** Replications of the scenario as it is, then of the low and the high end of each input; the exit code if stopped. */
async function simulateAll(
  plan: SensitivityPlan,
  base: ExperimentSpec,
  request: ScenarioRequest,
  jobs: number,
  args: SensitivityArgs,
): Promise<(readonly ReplicationResult[])[] | number> {
  const ends = plan.inputs.flatMap(({ low, high }) => [low, high]);
  const cells = [
    { spec: base, settings: [] as readonly string[] },
    ...ends.map(({ experiment, settings }) => ({ spec: experiment.experiment!, settings })),
  ];
  const executor = await openCellExecutor(request, jobs);
  const interrupt = catchInterrupt();
  let finished = 0;
  let requests = 0;
  const total = cells.length * base.configurations.length * base.run.replications;
  const progress =
    args.progress && !args.quiet
      ? showProgress(
          process.stderr,
          () => ({ finished, total: Math.max(total, finished), done: finished, requests }),
          () => performance.now(),
        )
      : null;
  try {
    const results = await Promise.all(
      cells.map((cell) =>
        runExperiment(cell.spec, {
          concurrency: Number.MAX_SAFE_INTEGER,
          isStopped: interrupt.isRequested,
          execute: (task) => executor.run(cell, task),
          finished: (_, result) => {
            finished++;
            requests += result.requests;
          },
        }),
      ),
    );
    if (results.some(({ complete }) => !complete)) return interrupt.exitCode();
    return results.map(({ replications }) => replications);
  } finally {
    progress?.stop();
    interrupt.release();
    await executor.close();
  }
}

/** A tornado table for each variant and output. */
function shown(
  plan: SensitivityPlan,
  found: readonly OutputSensitivity[],
  isMarkdown: boolean,
  args: SensitivityArgs,
): string {
  const paint = paintFor(process.stdout, { color: args.color && !isMarkdown });
  const blocks = found.map(({ variant, output, atBase, effects }) => {
    const of = variant === plan.name ? plan.name : `${plan.name}: ${variant}`;
    const title = `${of}: ${goalText(output)} is ${digits(atBase)}`;
    const rows = effects.map(({ input, rank, atLow, atHigh, swing }) => {
      const { path, low, high } = plan.inputs[input]!;
      const { estimate, interval } = swing.difference;
      const share = (value: number): string => `${value > 0 ? '+' : ''}${percent(value / atBase)}`;
      const range = interval === null ? '' : `${share(interval.low)} to ${share(interval.high)}`;
      const isOpen = swing.verdict === 'undecided';
      return [
        `${rank}  ${path}`,
        low.value,
        high.value,
        digits(atLow),
        digits(atHigh),
        isOpen ? paint.dim(share(estimate)) : share(estimate),
        isOpen ? `${range} undecided` : range,
      ];
    });
    const table = (isMarkdown ? markdown : grid)(
      ['input', 'low', 'high', 'at low', 'at high', 'swing', 'interval'],
      rows,
    );
    return `${isMarkdown ? `## ${title}` : paint.bold(title)}\n\n${table}`;
  });
  const foot =
    'Swing: from the low to the high end of the input, as a share of the output, on the same random numbers.';
  return `${[...blocks, foot].join('\n\n')}\n`;
}
