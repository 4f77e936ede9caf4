import { join } from 'node:path';
import type { BestResult } from '../../experiment/search/search-best.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { Table } from '../../report/columns.js';
import { csvChunks, type Row } from '../../report/csv.js';
import { rowAsObject } from '../../report/json.js';
import { dataPackage } from '../../report/outputs/data-package.js';
import { circumstances, type ManifestContext, manifestText, SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { searchRow, searchTable, TRIALS, trialRow } from '../../report/outputs/search.js';
import { type SearchPlan, type ServerFile, serverFile } from '../../scenario/index.js';
import type { SearchArgs } from '../arguments/options.js';
import { Exit } from '../exit-codes.js';
import { digest, type Identity, identityOf } from '../files/identity.js';
import { manifestContext } from '../files/manifest-context.js';
import { type Ended, type ResumableDirectory, withResumableDirectory } from '../files/resumable-directory.js';
import { heedingInterrupt, type Interrupt } from '../interrupt.js';
import { openSearch, type ScenarioRequest } from '../load.js';
import { formatted } from '../print/formatted.js';
import { printStored } from '../print/stored.js';
import { printProblems } from '../problems.js';
import { progressFor } from '../progress.js';
import { type CellExecutor, openCellExecutor } from '../running/cell-executor.js';
import { remembering } from '../running/remembering.js';
import { threadsWanted } from '../running/simulate.js';
import { bestRecords, rateRecords, runBest, runMaxRate, trialRecords, type VariantRate } from '../search/run-search.js';
import { type ShownSearch, shownSearch } from '../search/shown.js';
import { formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

interface Outcome {
  readonly rates: readonly VariantRate[] | null;
  readonly best: BestResult | null;
  readonly interruptedBy: number | null;
}

/** `gvlsim search FILE`: the highest rate that keeps the objectives, and the best of many configurations. */
export async function search(args: SearchArgs): Promise<number> {
  formatWanted(args);
  const request = scenarioRequest(args);
  threadsWanted(args);
  const { plan, problems, warnings, files } = openSearch(request);
  if (plan === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) {
    const isNews = ({ code }: { readonly code: string }): boolean => code !== 'SCN_UNSTABLE';
    printProblems(warnings.filter(isNews), args, 'warning');
  }
  const identity = { ...identityOf(plan.base.experiment!.resolved, files), search: digest(asText(plan)) };
  return withResumableDirectory(plan.name, 'search', identity, args, {
    begin: (directory) =>
      heedingInterrupt((interrupt) => searchInto(directory, plan, identity, request, args, interrupt)),
    show: async (path, { decided }) => {
      await printStored(path, searchTable(plan.best?.factors ?? []), headOf(plan, true), formatWanted(args));
      return exitCodeOf(decided !== false, args);
    },
  });
}

/** Everything that is asked; what follows from it, such as the experiments of the candidates, is left out. */
function asText({ maxRate, best }: SearchPlan): string {
  const candidates = best?.candidates.map(({ settings }) => settings) ?? [];
  return JSON.stringify([maxRate, best === null ? null : { ...best, candidates }]);
}

async function searchInto(
  directory: ResumableDirectory | null,
  plan: SearchPlan,
  identity: Identity,
  request: ScenarioRequest,
  args: SearchArgs,
  interrupt: Interrupt,
): Promise<Ended> {
  const startMs = performance.now();
  const base = plan.base.experiment!;
  const plain = await openCellExecutor(request, threadsWanted(args));
  const executor = directory === null ? plain : remembering(plain, directory.memory);
  const outcome = await runAll(plan, base, executor, interrupt, args);
  const isComplete = outcome.interruptedBy === null;
  const table = searchTable(plan.best?.factors ?? []);
  const rows = rowsOf(plan, outcome);
  const files = recommended(plan, outcome.best);
  const text = formatted(formatWanted(args), {
    table,
    rows: () => rows,
    json: () => ({
      ...headOf(plan, isComplete),
      search: rows.map((row) => rowAsObject(table, row)),
    }),
    text: (isMarkdown) => {
      const paths = directory === null ? [] : files.map(({ name }) => join(directory.path, name));
      return shownSearch(toShow(plan, base, outcome, paths), isMarkdown, args);
    },
  });
  try {
    if (directory !== null) writeFiles(directory, plan, identity, outcome, { table, rows, files, startMs });
  } finally {
    await printData(text); // also if the disk is full: searching may have taken long
  }
  if (directory !== null && !args.quiet) printNote(`wrote ${directory.path}/${isComplete ? '' : ' (incomplete)'}`);
  if (outcome.interruptedBy !== null) return { exitCode: outcome.interruptedBy, isDone: false };
  return { exitCode: exitCodeOf(!isOpen(outcome), args), isDone: true };
}

function exitCodeOf(isDecided: boolean, { strict }: SearchArgs): number {
  return strict && !isDecided ? Exit.NotTrustworthy : Exit.Ok;
}

function headOf({ name }: SearchPlan, isComplete: boolean): object {
  return {
    schema_version: SCHEMA_VERSION,
    command: 'search',
    gvlsim_version: gvlsimVersion(),
    scenario: name,
    complete: isComplete,
  };
}

/** More replications might still change what was found. */
function isOpen({ best, rates }: Outcome): boolean {
  if (best?.isDecided === false) return true;
  return (rates ?? []).some(({ found }) => found.holdsUpTo !== null && found.failsFrom !== null && !found.isPrecise);
}

function rowsOf(plan: SearchPlan, { rates, best }: Outcome): Row[] {
  const noLevels = (plan.best?.factors ?? []).map(() => '');
  const records = [
    ...(rates === null ? [] : rateRecords(rates, plan.maxRate!, noLevels)),
    ...(best === null ? [] : bestRecords(best, plan.best!)),
  ];
  return records.map((record) => searchRow(plan.name, record));
}

function toShow(
  plan: SearchPlan,
  spec: ExperimentSpec,
  { rates, best, interruptedBy }: Outcome,
  files: readonly string[],
): ShownSearch {
  return {
    spec,
    maxRate: rates === null ? null : { plan: plan.maxRate!, rates },
    best: best === null ? null : { plan: plan.best!, result: best, files },
    isInterrupted: interruptedBy !== null,
  };
}

function writeFiles(
  directory: ResumableDirectory,
  plan: SearchPlan,
  identity: Identity,
  outcome: Outcome,
  {
    table,
    rows,
    files,
    startMs,
  }: {
    readonly table: Table;
    readonly rows: readonly Row[];
    readonly files: readonly ServerFile[];
    readonly startMs: number;
  },
): void {
  const base = plan.base.experiment!;
  const written = [directory.write('search.csv', csvChunks(table, rows))];
  const resources = [{ path: 'search.csv', table }];
  if (outcome.rates !== null) {
    const trials = trialRecords(outcome.rates, base).map((trial) => trialRow(plan.name, trial));
    written.push(directory.write('trials.csv', csvChunks(TRIALS, trials)));
    resources.push({ path: 'trials.csv', table: TRIALS });
  }
  for (const { name, text } of files) written.push(directory.write(name, [text]));
  written.push(directory.write('datapackage.json', [dataPackage(plan.name, base.description, resources)]));
  const context = manifestContext('search', (performance.now() - startMs) / 1000, written);
  directory.write('manifest.json', [manifestOf(plan, identity, outcome, context)]);
}

async function runAll(
  plan: SearchPlan,
  base: ExperimentSpec,
  executor: CellExecutor,
  interrupt: Interrupt,
  args: SearchArgs,
): Promise<Outcome> {
  let finished = 0;
  const most =
    (plan.maxRate === null ? 0 : plan.maxRate.maxReplications * base.configurations.length) +
    (plan.best === null ? 0 : plan.best.candidates.length * base.run.replications);
  const shown = progressFor(args, () => ({
    noun: 'replications (about)',
    finished,
    total: Math.max(most, finished),
    done: 0,
    requests: 0,
  }));
  const run = {
    executor,
    isStopped: interrupt.isRequested,
    simulated: () => {
      finished++;
    },
  };
  try {
    const rates = plan.maxRate === null ? null : await runMaxRate(plan.maxRate, base, run);
    const best = plan.best === null || interrupt.isRequested() ? null : await runBest(plan.best, run);
    return { rates, best, interruptedBy: interrupt.isRequested() ? interrupt.exitCode() : null };
  } finally {
    shown.stop();
    await executor.close();
  }
}

/** Configuration files of what was selected: of the best one, or of each on the front. */
function recommended({ best: plan }: SearchPlan, best: BestResult | null): ServerFile[] {
  if (plan === null || best === null) return [];
  const selected = best.ranking.filter(({ verdict }) => verdict === 'selected');
  return selected.flatMap(({ candidate, rank }) => {
    const file = serverFile(plan.candidates[candidate]!.experiment.experiment!.configurations[0]!.system.server);
    if (file === null) return [];
    return [{ ...file, name: selected.length === 1 ? file.name : `front-${rank}-${file.name}` }];
  });
}

function manifestOf(plan: SearchPlan, identity: Identity, outcome: Outcome, context: ManifestContext): string {
  const base = plan.base.experiment!;
  const isComplete = outcome.interruptedBy === null;
  return manifestText({
    schema_version: SCHEMA_VERSION,
    tool: 'gvlsim',
    gvlsim_version: context.gvlsimVersion,
    command: context.command,
    scenario_name: plan.name,
    complete: isComplete,
    decided: isComplete && !isOpen(outcome),
    seed: base.run.seed,
    first_replications: Math.max(5, base.run.replications),
    probability: plan.best?.probability ?? null,
    indifference: plan.best?.indifference ?? null,
    selection:
      plan.best === null ? null : 'Kim and Nelson (2001) KN with repeated t tests; limits: Andradottir and Kim (2010)',
    identity,
    scenario: base.resolved,
    ...circumstances(context),
  });
}
