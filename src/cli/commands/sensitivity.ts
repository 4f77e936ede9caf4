import { sensitivityOf } from '../../experiment/sensitivity.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { csvChunks, type Row } from '../../report/csv.js';
import { rowAsObject } from '../../report/json.js';
import { dataPackage } from '../../report/outputs/data-package.js';
import { circumstances, manifestText, SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { SENSITIVITY, sensitivityRows } from '../../report/outputs/sensitivity.js';
import type { SensitivityPlan } from '../../scenario/index.js';
import type { SensitivityArgs } from '../arguments/options.js';
import { Exit } from '../exit-codes.js';
import { digest, type Identity, identityOf } from '../files/identity.js';
import { manifestContext } from '../files/manifest-context.js';
import { type Ended, type ResumableDirectory, withResumableDirectory } from '../files/resumable-directory.js';
import { heedingInterrupt, type Interrupt } from '../interrupt.js';
import { openSensitivity, type ScenarioRequest } from '../load.js';
import { formatted } from '../print/formatted.js';
import { printStored } from '../print/stored.js';
import { printProblems } from '../problems.js';
import { progressFor } from '../progress.js';
import { type Cell, openCellExecutor } from '../running/cell-executor.js';
import { estimateOf, estimateText } from '../running/estimate.js';
import { remembering } from '../running/remembering.js';
import { threadsWanted } from '../running/simulate.js';
import { cellsOf, runCells } from '../sensitivity/run-sensitivity.js';
import { shownSensitivity } from '../sensitivity/shown.js';
import { formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

/** What a call of `gvlsim sensitivity` is about. */
interface Wanted {
  readonly plan: SensitivityPlan;
  readonly base: ExperimentSpec;
  readonly cells: readonly Cell[];
  readonly identity: Identity;
  readonly jobs: number;
  readonly request: ScenarioRequest;
  readonly args: SensitivityArgs;
}

/** `gvlsim sensitivity FILE`: which of the inputs moves the results most. */
export async function sensitivity(args: SensitivityArgs): Promise<number> {
  formatWanted(args);
  const request = scenarioRequest(args);
  const jobs = threadsWanted(args);
  const { plan, problems, warnings, files } = openSensitivity(request);
  if (plan === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) printProblems(warnings, args, 'warning');
  const base = plan.base.experiment!;
  const cells = cellsOf(plan, base);
  const asked = JSON.stringify([cells.map(({ settings }) => settings), plan.outputs]);
  const identity = { ...identityOf(base.resolved, files), sensitivity: digest(asked) };
  const wanted = { plan, base, cells, identity, jobs, request, args };
  return withResumableDirectory(plan.name, 'sensitivity', identity, args, {
    begin: (directory) => heedingInterrupt((interrupt) => varyInto(directory, wanted, interrupt)),
    show: async (path) => {
      await printStored(path, SENSITIVITY, head(plan), formatWanted(args));
      return Exit.Ok;
    },
  });
}

async function varyInto(directory: ResumableDirectory | null, wanted: Wanted, interrupt: Interrupt): Promise<Ended> {
  const { plan, base, args } = wanted;
  const startMs = performance.now();
  if (!args.quiet) {
    const estimate = estimateOf([base], wanted.cells.length, wanted.jobs);
    printNote(`${plan.name}: ${plan.inputs.length} inputs, ${estimateText(estimate)}`);
  }
  const results = await simulateAll(directory, wanted, interrupt);
  if (results === null) {
    printNote('gvlsim: interrupted before all inputs were varied: no table yet');
    return { exitCode: interrupt.exitCode(), isDone: false };
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
    text: (isMarkdown) => shownSensitivity(plan, found, isMarkdown, args),
  });
  try {
    if (directory !== null) writeFiles(directory, wanted, rows, startMs);
  } finally {
    await printData(text); // also if the disk is full: simulating may have taken long
  }
  if (directory !== null && !args.quiet) printNote(`wrote ${directory.path}/`);
  return { exitCode: Exit.Ok, isDone: true };
}

function writeFiles(
  directory: ResumableDirectory,
  { plan, base, identity }: Wanted,
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
    identity,
    scenario: base.resolved,
    ...circumstances(manifestContext('sensitivity', (performance.now() - startMs) / 1000, files)),
  };
  directory.write('manifest.json', [manifestText(content)]);
}

function head({ name }: SensitivityPlan): object {
  return { schema_version: SCHEMA_VERSION, command: 'sensitivity', gvlsim_version: gvlsimVersion(), scenario: name };
}

/** Runs every cell and shows progress. */
async function simulateAll(
  directory: ResumableDirectory | null,
  { base, cells, request, jobs, args }: Wanted,
  interrupt: Interrupt,
): ReturnType<typeof runCells> {
  const plain = await openCellExecutor(request, jobs);
  const executor = directory === null ? plain : remembering(plain, directory.memory);
  let finished = 0;
  let requests = 0;
  const total = cells.length * base.configurations.length * base.run.replications;
  const progress = progressFor(args, () => ({ finished, total: Math.max(total, finished), done: finished, requests }));
  try {
    return await runCells(cells, {
      executor,
      isStopped: interrupt.isRequested,
      finished: (result) => {
        finished++;
        requests += result.requests;
      },
    });
  } finally {
    progress.stop();
    await executor.close();
  }
}
