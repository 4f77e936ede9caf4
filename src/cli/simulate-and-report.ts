import { compareWithBaseline, steadyReference } from '../experiment/estimates/compare.js';
import { compareWithBest } from '../experiment/estimates/compare-with-best.js';
import { type Doubt, doubtsAbout } from '../experiment/estimates/doubts.js';
import { type JudgedObjective, judgeObjectives } from '../experiment/estimates/judge-objectives.js';
import { summarise } from '../experiment/estimates/summarise.js';
import type { ExperimentResult } from '../experiment/experiment-result.js';
import { loadOf } from '../experiment/load/offered-load.js';
import type { ExperimentSpec } from '../experiment/spec.js';
import { manifest } from '../report/outputs/manifest.js';
import { resultFiles } from '../report/result-files.js';
import type { Format, OutputArgs, OverrideArgs, SimulationArgs } from './arguments/options.js';
import { CliError } from './cli-error.js';
import { Exit } from './exit-codes.js';
import { manifestContext } from './files/manifest-context.js';
import type { OutDirectory } from './files/out-directory.js';
import { readSource } from './files/read-source.js';
import { withResultDirectory } from './files/result-directory.js';
import type { ScenarioRequest } from './load.js';
import type { Comparison } from './print/comparison.js';
import { type Paint, paintFor } from './print/paint.js';
import { type Report, reportText } from './print/report-text.js';
import { loadOrExplain } from './problems.js';
import { estimateText, hugeEstimate } from './running/estimate.js';
import { type Simulation, simulate, taskIndex, threadsWanted } from './running/simulate.js';
import { printData, printNote } from './terminal.js';

/** What `run` and `compare` have in common: load, simulate, write the files, show the table. Returns the exit code. */
export async function simulateAndReport(command: 'run' | 'compare', args: SimulationArgs): Promise<number> {
  formatWanted(args);
  const request = scenarioRequest(args);
  const loaded = loadOrExplain(request, args);
  if (typeof loaded === 'number') return loaded;
  const { experiment } = loaded;
  if (command === 'compare' && experiment.configurations.length < 2) {
    throw new CliError(`${args.file} has no variants to compare`, `gvlsim run ${args.file} simulates it`);
  }
  return withResultDirectory(experiment.name, args, (directory) =>
    simulateInto(directory, command, loaded, request, args),
  );
}

async function simulateInto(
  directory: OutDirectory | null,
  command: 'run' | 'compare',
  { experiment, warnings }: Exclude<ReturnType<typeof loadOrExplain>, number>,
  request: ScenarioRequest,
  args: SimulationArgs,
): Promise<number> {
  const format = formatWanted(args);
  if (directory === null && args.requests) {
    throw new CliError('--requests needs a directory', '--out DIR instead of --out -');
  }
  const huge = args.quiet ? null : hugeEstimate(experiment, threadsWanted(args));
  if (huge !== null) printNote(`${experiment.name}: ${estimateText(huge)}`);
  const simulation = await simulate(experiment, request, args, args.requests ? directory!.partFile : null);
  const { result } = simulation;
  if (result.replications.length === 0) {
    printNote('gvlsim: interrupted before the first replication was finished: nothing to write');
    return simulation.interruptedBy ?? Exit.Interrupted;
  }
  const summary = summarise(result);
  const comparison = command === 'compare' ? comparisonOf(result) : null;
  const best = command === 'compare' ? compareWithBest(result) : [];
  const doubts = doubtsAbout(result, summary);
  const objectives = judgeObjectives(result, summary);
  const news = doubts.filter((doubt) => !isToldBefore(experiment, doubt));
  const notes = [...warnings.map(({ code, message }) => `${code}: ${message}`), ...news.map(doubtText)];
  const report: Report = { command, result, summary, comparison, best, objectives, notes };
  try {
    if (directory !== null) writeFiles(directory, report, simulation, args);
  } finally {
    await printData(reportText(report, format, args)); // also if the disk is full: simulating may have taken long
  }
  if (!args.quiet) printNotes(news, directory, result, paintFor(process.stderr, args));
  if (simulation.interruptedBy !== null && !result.complete) return simulation.interruptedBy;
  if (isBroken(command, objectives)) return Exit.Threshold;
  const isOpen = objectives.some(({ verdict }) => verdict === 'undecided');
  return args.strict && (doubts.length > 0 || isOpen) ? Exit.NotTrustworthy : Exit.Ok;
}

function comparisonOf(result: ExperimentResult): Comparison {
  const withBaseline = compareWithBaseline(result);
  const reference = steadyReference(result);
  const isBaseline = reference === null || reference === result.spec.baseline;
  return { withBaseline, reference, withReference: isBaseline ? withBaseline : compareWithBaseline(result, reference) };
}

/** The scenario's own warnings have told of a load that is too much by hand formula. */
function isToldBefore({ configurations, run }: ExperimentSpec, { code, variant }: Doubt): boolean {
  if (code !== 'UNSTABLE') return false;
  return configurations.some((one) => one.variant === variant && loadOf(one, run).isUnstable);
}

/**
 * `run` asserts the objectives of what it runs. `compare` is asked which of several configurations will do: it fails only
 * when none of them does.
 */
function isBroken(command: 'run' | 'compare', objectives: readonly JudgedObjective[]): boolean {
  const failing = new Set(objectives.filter(({ verdict }) => verdict === 'fail').map(({ variant }) => variant));
  const all = new Set(objectives.map(({ variant }) => variant));
  return command === 'run' ? failing.size > 0 : failing.size > 0 && failing.size === all.size;
}

export function scenarioRequest(args: OverrideArgs): ScenarioRequest {
  return {
    source: readSource(args.file),
    ...(args.others === undefined ? {} : { others: args.others.map(readSource) }),
    set: args.set ?? [],
    overrides: {
      ...(args.seed === undefined ? {} : { seed: args.seed }),
      ...(args.replications === undefined ? {} : { replications: args.replications }),
      ...(args.duration === undefined ? {} : { durationText: args.duration }),
      ...(args.warmup === undefined ? {} : { warmupText: args.warmup }),
    },
  };
}

export function formatWanted({ format, json, out }: OutputArgs): Format {
  if (json && format !== undefined && format !== 'json') throw new CliError(`--json and --format ${format} contradict`);
  if (json) return 'json';
  return format ?? (out === '-' ? 'csv' : 'table');
}

function writeFiles(directory: OutDirectory, report: Report, simulation: Simulation, args: SimulationArgs): void {
  const { result, command } = report;
  const requestLines = args.requests
    ? directory.parts(result.replications.map((replication) => indexOf(result, replication)))
    : null;
  const files = [
    ...resultFiles(result, {
      summary: report.summary,
      comparison: report.comparison?.withBaseline ?? null,
      best: report.best,
      objectives: report.objectives,
      requestLines,
    }),
  ].map(({ name, chunks }) => directory.write(name, chunks));
  const context = manifestContext(command, simulation.wallTimeSec, files, report.notes);
  directory.write('manifest.json', [manifest(result, context)]);
}

function indexOf(
  { spec }: ExperimentResult,
  { variant, replication }: { variant: string; replication: number },
): number {
  const configuration = spec.configurations.findIndex((one) => one.variant === variant);
  return taskIndex(spec, { configuration, replication });
}

function doubtText({ variant, code, text }: Doubt): string {
  return `${code}: ${variant}: ${text}`;
}

function printNotes(
  doubts: readonly Doubt[],
  directory: OutDirectory | null,
  { complete }: ExperimentResult,
  paint: Paint,
): void {
  for (const doubt of doubts) printNote(`${paint.yellow('warning:')} ${doubtText(doubt)}`);
  if (directory !== null) printNote(`wrote ${directory.path}/${complete ? '' : ' (incomplete)'}`);
}
