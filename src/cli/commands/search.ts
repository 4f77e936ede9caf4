import { join } from 'node:path';
import type { BestResult } from '../../experiment/search/search-best.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { csvChunks, type Row } from '../../report/csv.js';
import { ndjsonChunks, rowAsObject } from '../../report/json.js';
import { dataPackage } from '../../report/outputs/data-package.js';
import { jsonNumber, SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { searchRow, searchTable, TRIALS, trialRow } from '../../report/outputs/search.js';
import { type SearchPlan, type ServerFile, serverFile } from '../../scenario/index.js';
import { openCellExecutor } from '../cell-executor.js';
import { Exit } from '../exit-codes.js';
import { catchInterrupt } from '../interrupt.js';
import { openSearch } from '../load.js';
import { manifestContext } from '../manifest-context.js';
import type { SearchArgs } from '../options.js';
import { openOutDirectory } from '../out-directory.js';
import { printProblems } from '../problems.js';
import { showProgress } from '../progress.js';
import { bestRecords, rateRecords, runBest, runMaxRate, trialRecords, type VariantRate } from '../search/run-search.js';
import { type ShownSearch, shownSearch } from '../search/shown.js';
import { threadsWanted } from '../simulate.js';
import { directoryName, formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

interface Outcome {
  readonly rates: readonly VariantRate[] | null;
  readonly best: BestResult | null;
  readonly interruptedBy: number | null;
}

/** `gvlsim search FILE`: the highest rate that keeps the objectives, and the best of many configurations. */
export async function search(args: SearchArgs): Promise<number> {
  const format = formatWanted(args);
  const request = scenarioRequest(args);
  const jobs = threadsWanted(args);
  const { plan, problems, warnings } = openSearch(request);
  if (plan === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) {
    const isNews = ({ code }: { readonly code: string }): boolean => code !== 'SCN_UNSTABLE';
    printProblems(warnings.filter(isNews), args, 'warning');
  }
  const base = plan.base.experiment!;
  const own = join('results', `${directoryName(plan.name)}-search`);
  const rules = { force: args.force, replaces: args.out === undefined ? plan.name : null };
  const directory = args.out === '-' ? null : openOutDirectory(args.out ?? own, rules);
  const close = (): void => directory?.close();
  process.on('exit', close);
  const startMs = performance.now();
  try {
    const executor = await openCellExecutor(request, jobs);
    const outcome = await runAll(plan, base, executor, args);
    const isComplete = outcome.interruptedBy === null;
    const files = recommended(plan, outcome.best);
    const factors = plan.best?.factors ?? [];
    const records = [
      ...(outcome.rates === null
        ? []
        : rateRecords(
            outcome.rates,
            plan.maxRate!,
            factors.map(() => ''),
          )),
      ...(outcome.best === null ? [] : bestRecords(outcome.best, plan.best!)),
    ];
    const table = searchTable(factors);
    const rows: Row[] = records.map((record) => searchRow(plan.name, record));
    if (directory !== null) {
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
      directory.write('manifest.json', [manifestText(plan, base, outcome, context)]);
    }
    if (format === 'csv') await printData([...csvChunks(table, rows)].join(''));
    else if (format === 'ndjson') await printData([...ndjsonChunks(table, rows)].join(''));
    else if (format === 'json')
      await printData(
        jsonText(
          plan,
          isComplete,
          rows.map((row) => rowAsObject(table, row)),
        ),
      );
    else {
      const shown: ShownSearch = {
        spec: base,
        maxRate: outcome.rates === null ? null : { plan: plan.maxRate!, rates: outcome.rates },
        best:
          outcome.best === null
            ? null
            : {
                plan: plan.best!,
                result: outcome.best,
                files: directory === null ? [] : files.map(({ name }) => join(directory.path, name)),
              },
      };
      await printData(shownSearch(shown, format === 'md', args));
    }
    if (directory !== null && !args.quiet) printNote(`wrote ${directory.path}/${isComplete ? '' : ' (incomplete)'}`);
    if (outcome.interruptedBy !== null) return outcome.interruptedBy;
    const isOpen =
      outcome.best?.isDecided === false ||
      (outcome.rates ?? []).some(
        ({ found }) => found.holdsUpTo !== null && found.failsFrom !== null && !found.isPrecise,
      );
    return args.strict && isOpen ? Exit.NotTrustworthy : Exit.Ok;
  } finally {
    close();
    process.off('exit', close);
  }
}

async function runAll(
  plan: SearchPlan,
  base: ExperimentSpec,
  executor: Awaited<ReturnType<typeof openCellExecutor>>,
  args: SearchArgs,
): Promise<Outcome> {
  const interrupt = catchInterrupt();
  let finished = 0;
  const most =
    (plan.maxRate === null ? 0 : plan.maxRate.maxReplications * base.configurations.length) +
    (plan.best === null ? 0 : plan.best.candidates.length * base.run.replications);
  const shown =
    args.progress && !args.quiet
      ? showProgress(
          process.stderr,
          () => ({ noun: 'replications (about)', finished, total: Math.max(most, finished), done: 0, requests: 0 }),
          () => performance.now(),
        )
      : null;
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
    shown?.stop();
    interrupt.release();
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

function manifestText(
  plan: SearchPlan,
  base: ExperimentSpec,
  { interruptedBy, best }: Outcome,
  context: ReturnType<typeof manifestContext>,
): string {
  const { engine, platform, wallTimeSec, files, command, gvlsimVersion: version } = context;
  const content = {
    schema_version: SCHEMA_VERSION,
    tool: 'gvlsim',
    gvlsim_version: version,
    command,
    scenario_name: plan.name,
    complete: interruptedBy === null,
    decided: best?.isDecided ?? null,
    seed: base.run.seed,
    first_replications: Math.max(5, base.run.replications),
    probability: plan.best?.probability ?? null,
    indifference: plan.best?.indifference ?? null,
    selection:
      plan.best === null ? null : 'Kim and Nelson (2001) KN with repeated t tests; limits: Andradottir and Kim (2010)',
    scenario: base.resolved,
    node: engine.node,
    v8: engine.v8,
    os: platform.os,
    arch: platform.arch,
    wall_time_s: wallTimeSec,
    files,
  };
  return `${JSON.stringify(content, jsonNumber, 2)}\n`;
}

function jsonText({ name }: SearchPlan, complete: boolean, rows: readonly object[]): string {
  const head = { schema_version: SCHEMA_VERSION, command: 'search', gvlsim_version: gvlsimVersion() };
  return `${JSON.stringify({ ...head, scenario: name, complete, search: rows }, null, 2)}\n`;
}
