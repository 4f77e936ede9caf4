import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { METRIC_NAMES } from '../../experiment/metrics/metrics.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import type { SweepFacts } from '../../report/outputs/sweep-manifest.js';
import type { SweepPlan } from '../../scenario/index.js';
import { nearest } from '../../schema/index.js';
import type { SweepArgs } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { claimDirectory } from '../files/claim-directory.js';
import type { Identity } from '../files/identity.js';
import { directoryName, readManifest } from '../files/out-directory.js';
import { heedingInterrupt, type Interrupt } from '../interrupt.js';
import { openSweep, type ScenarioRequest } from '../load.js';
import { printProblems } from '../problems.js';
import { progressFor } from '../progress.js';
import { openCellExecutor } from '../running/cell-executor.js';
import { estimateOf, estimateText } from '../running/estimate.js';
import { threadsWanted } from '../running/simulate.js';
import { formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { cellAt, cellsIn, readShard, type Shard, sweepIdentity, WHOLE } from '../sweep/identity.js';
import { ProgressFile, SWEEP } from '../sweep/progress-file.js';
import { runSweep } from '../sweep/run-sweep.js';
import { SHOWN_LINES, shownTable } from '../sweep/shown.js';
import { writeSweep } from '../sweep/write-result.js';
import { printData, printNote } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

/** What a call of `gvlsim sweep` is about. */
interface Wanted {
  readonly plan: SweepPlan;
  readonly shard: Shard;
  /** Cells of the shard. */
  readonly count: number;
  readonly metrics: readonly string[] | null;
  readonly jobs: number;
  readonly identity: Identity;
  /** The experiment of the first cell. */
  readonly first: ExperimentSpec;
  readonly out: string;
  readonly args: SweepArgs;
}

/** `gvlsim sweep FILE`: every cell of the grid, in one table. */
export async function sweep(args: SweepArgs): Promise<number> {
  formatWanted(args);
  const request = scenarioRequest(args);
  const metrics = metricsWanted(args.metrics);
  const shard = args.shard === undefined ? WHOLE : readShard(args.shard);
  const jobs = threadsWanted(args);
  const { plan, problems, warnings, files } = openSweep(request);
  if (plan === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (!args.quiet) printProblems(warnings, args, 'warning');
  const first = plan.experiment(0).experiment!;
  const identity = sweepIdentity(plan, first.resolved, files, metrics);
  const out = args.out ?? defaultDirectory(plan.name, shard);
  const wanted = { plan, shard, count: cellsIn(shard, plan.size), metrics, jobs, identity, first, out, args };
  if (args.resume && isComplete(wanted)) {
    if (!args.quiet) printNote(`${out}/ is complete: sweep.csv and cells.csv have the rows`);
    const format = formatWanted(args);
    // The table for people is made cell by cell and not kept.
    if (format === 'csv' || format === 'json') await print(wanted, factsOf(wanted, wanted.count), []);
    return Exit.Ok;
  }
  const lock = claimDirectory(out, { noun: SWEEP, scenario: plan.name }, args);
  process.on('exit', lock.release);
  const own = { ...identity, part: `${shard.number}/${shard.of}` };
  const progress = new ProgressFile(out, lock, own, (position) => cellAt(shard, position));
  try {
    lock.clear();
    return await heedingInterrupt((interrupt) => simulateAndWrite(wanted, request, progress, interrupt));
  } catch (error) {
    if (!(error instanceof CliError) || !progress.hasSomething) throw error;
    throw new CliError(error.message, 'what was finished is kept: the same with --resume goes on', error.exitCode);
  } finally {
    lock.release();
    process.off('exit', lock.release);
  }
}

async function simulateAndWrite(
  wanted: Wanted,
  request: ScenarioRequest,
  progress: ProgressFile,
  interrupt: Interrupt,
): Promise<number> {
  const { plan, count, out, args } = wanted;
  const startMs = performance.now();
  tellBeforehand(wanted, progress);
  const isDone = await simulateCells(wanted, request, progress, interrupt);
  progress.sync();
  const facts = factsOf(wanted, progress.delivered);
  const [rows, cells, shown] = progress.parts;
  const wallTimeSec = (performance.now() - startMs) / 1000;
  writeSweep(out, facts, plan.factors, [rows!.chunks(), cells!.chunks()], wallTimeSec);
  const hasRows = facts.cellsDone > 0 || formatWanted(args) !== 'table';
  if (hasRows) await print(wanted, facts, shown!.lines(SHOWN_LINES));
  if (isDone) {
    progress.remove();
    if (!args.quiet) printNote(`wrote ${out}/`);
    return Exit.Ok;
  }
  const { delivered, kept } = progress;
  progress.close();
  printNote(`gvlsim: ${delivered} of ${count} cells are done, and ${replicationsText(kept)} of others`);
  printNote('  the same command with --resume does the rest');
  return interrupt.exitCode();
}

function factsOf({ plan, shard, count, first, identity }: Wanted, cellsDone: number): SweepFacts {
  return {
    scenario: plan.name,
    complete: cellsDone === count,
    seed: first.run.seed,
    confidence: first.run.confidence,
    cells: plan.size,
    cellsDone,
    shard: shard.of === 1 ? null : shard,
    factors: plan.factors.map((column, k) => ({ ...column, ...plan.grid[k]! })),
    resolved: first.resolved,
    identity,
  };
}

async function simulateCells(
  { plan, shard, count, metrics, jobs, args }: Wanted,
  request: ScenarioRequest,
  progress: ProgressFile,
  interrupt: Interrupt,
): Promise<boolean> {
  const executor = await openCellExecutor(request, jobs);
  const from = progress.delivered;
  let requests = 0;
  const shown = progressFor(args, () => ({
    noun: 'cells',
    finished: progress.delivered,
    total: count,
    done: progress.delivered - from,
    left: count - progress.delivered,
    requests,
  }));
  try {
    return await runSweep({
      plan,
      shard,
      metrics,
      executor,
      progress,
      isStopped: interrupt.isRequested,
      simulated: (more) => {
        requests += more;
      },
    });
  } finally {
    shown.stop();
    await executor.close();
  }
}

function defaultDirectory(scenario: string, { number, of }: Shard): string {
  const whole = join('results', `${directoryName(scenario)}-sweep`);
  return of === 1 ? whole : join(whole, `shard-${number}-of-${of}`);
}

/** Names of the metrics that sweep.csv is to have; null: all. */
function metricsWanted(text: string | undefined): string[] | null {
  if (text === undefined) return null;
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (METRIC_NAMES.includes(name)) continue;
    const near = nearest(name, METRIC_NAMES);
    const hint = near === null ? `there are ${METRIC_NAMES.join(', ')}` : `did you mean ${near}?`;
    throw new CliError(`--metrics: no metric is called ${name}`, hint);
  }
  return METRIC_NAMES.filter((name) => names.includes(name));
}

/** The directory holds this very sweep, finished. */
function isComplete({ out, identity, shard }: Wanted): boolean {
  const content = readManifest(join(out, 'manifest.json'))?.content;
  if (content?.command !== 'sweep' || content.complete !== true) return false;
  const part = (content.shard as Shard | null) ?? WHOLE;
  return (
    JSON.stringify(content.identity) === JSON.stringify(identity) &&
    part.number === shard.number &&
    part.of === shard.of
  );
}

function replicationsText(count: number): string {
  return `${count} ${count === 1 ? 'replication' : 'replications'}`;
}

/** What lies ahead, before it is begun. */
function tellBeforehand({ plan, shard, count, jobs, args }: Wanted, progress: ProgressFile): void {
  if (args.quiet) return;
  const { delivered, kept, hasSomething } = progress;
  if (hasSomething) printNote(`going on after ${delivered} of ${count} cells and ${replicationsText(kept)} of others`);
  else if (args.resume) printNote('nothing to go on with: starting');
  const left = count - delivered;
  if (left === 0) return;
  const positions = [...new Set([0, Math.floor(left / 2), left - 1])];
  const sample = positions.map((k) => plan.experiment(cellAt(shard, delivered + k)).experiment);
  const valid = sample.filter((experiment) => experiment !== null);
  const part = shard.of === 1 ? '' : ` (part ${shard.number} of ${shard.of})`;
  printNote(`${plan.name}: ${left} cells${part}, ${estimateText(estimateOf(valid, left, jobs))}`);
}

async function print({ plan, count, out, args }: Wanted, facts: SweepFacts, lines: readonly string[]): Promise<void> {
  const format = formatWanted(args);
  if (format === 'csv') {
    for await (const chunk of createReadStream(join(out, 'sweep.csv'), 'utf8')) await printData(chunk as string);
  } else if (format === 'json') {
    const { scenario, complete, seed, cells, cellsDone, shard } = facts;
    const head = {
      schema_version: SCHEMA_VERSION,
      command: 'sweep',
      gvlsim_version: gvlsimVersion(),
      scenario,
      complete,
    };
    const text = JSON.stringify({ ...head, seed, cells, cells_done: cellsDone, shard, directory: out }, null, 2);
    await printData(`${text}\n`);
  } else {
    const factors = plan.factors.map(({ name }) => name);
    const shown = { name: plan.name, factors, lines, cells: count, cellsDone: facts.cellsDone };
    await printData(shownTable(shown, format, args));
  }
}
