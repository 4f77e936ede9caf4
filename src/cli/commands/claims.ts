import { join, relative, sep } from 'node:path';
import { judgeClaim } from '../../experiment/claims/judge.js';
import { runExperiment } from '../../experiment/run-experiment.js';
import { csvChunks } from '../../report/csv.js';
import { type ClaimResult, claimRows, idOf } from '../../report/outputs/claims.js';
import { claimsPage } from '../../report/outputs/claims-page.js';
import { CLAIMS } from '../../report/tables.js';
import type { ClaimsArgs } from '../arguments/options.js';
import { type ClaimFile, ownClaims, readClaims } from '../claims/claim-files.js';
import { claimsText } from '../claims/claims-text.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { type OutDirectory, openOutDirectory } from '../files/out-directory.js';
import { catchInterrupt } from '../interrupt.js';
import { printProblems } from '../problems.js';
import { progressFor } from '../progress.js';
import { runInProcess } from '../running/in-process.js';
import { taskIndex, threadsWanted } from '../running/simulate.js';
import { openWorkerPool, type WorkerPool } from '../running/worker-pool.js';
import { formatWanted } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';

/** `gvlsim claims [ID...]`: simulates what articles say and judges it. */
export async function claims(args: ClaimsArgs): Promise<number> {
  const format = formatWanted(args);
  const ids = (args.ids ?? []).map(String);
  const folder = args.dir ?? ownClaims();
  const { files, untested, problems } = readClaims(folder, ids);
  if (problems.length > 0) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  if (files.length + untested.length === 0) throw new CliError(`${folder} holds no claims`);
  const directory = openDirectory(args);
  try {
    const { results, interruptedBy } = await judgeAll(files, args);
    results.push(...untested.map((claim): ClaimResult => ({ kind: 'untested', claim })));
    results.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    if (directory !== null) {
      directory.write('claims.csv', csvChunks(CLAIMS, claimRows(results)));
      directory.write('claims.md', [claimsPage(results, pathBetween(directory.path, folder))]);
    }
    await printData(claimsText(results, format, args));
    if (directory !== null && !args.quiet)
      printNote(`wrote ${directory.path}/${interruptedBy === null ? '' : ' (incomplete)'}`);
    return interruptedBy ?? Exit.Ok;
  } finally {
    directory?.close();
  }
}

function openDirectory({ out, force }: ClaimsArgs): OutDirectory | null {
  if (out === '-') return null;
  // claims.csv and claims.md are made anew each time: nothing else is in the default folder
  return out === undefined
    ? openOutDirectory(join('results', 'claims'), { force: true, replaces: null })
    : openOutDirectory(out, { force, replaces: null });
}

/** How a page in one folder links to another: with slashes, and one at the end. */
function pathBetween(from: string, to: string): string {
  return `${relative(from, to).split(sep).join('/')}/`;
}

/** One claim after the other, the replications of each in all threads. What Ctrl-C leaves unfinished is not judged. */
async function judgeAll(
  files: readonly ClaimFile[],
  args: ClaimsArgs,
): Promise<{ results: ClaimResult[]; interruptedBy: number | null }> {
  const threads = threadsWanted(args);
  const counts = files.map(({ experiment }) => experiment.configurations.length * experiment.run.replications);
  const total = counts.reduce((a, b) => a + b, 0);
  let finished = 0;
  let requests = 0;
  const progress = progressFor(args, () => ({ finished, total, done: finished, requests }));
  const interrupt = catchInterrupt();
  const pool: WorkerPool | null = threads > 1 && total > 1 ? await openWorkerPool(threads) : null;
  const results: ClaimResult[] = [];
  try {
    for (const { experiment, request, name } of files) {
      const shares = new Float64Array(
        new SharedArrayBuffer(8 * experiment.configurations.length * experiment.run.replications),
      );
      const { replications, complete } = await runExperiment(experiment, {
        concurrency: threads,
        isStopped: interrupt.isRequested,
        execute: (task) => {
          const index = taskIndex(experiment, task);
          const cliTask = { ...task, partFile: null };
          if (pool === null) return runInProcess(experiment, cliTask, () => {});
          return pool.run({ scenario: request, task: cliTask, shares, index });
        },
        finished: (_, result) => {
          finished++;
          requests += result.requests;
        },
      });
      if (!complete) break;
      const judged = judgeClaim(experiment.claim!, replications, experiment.run.confidence);
      results.push({ kind: 'judged', judged, scenario: name });
    }
    const isCutShort = interrupt.isRequested() && results.length < files.length;
    return { results, interruptedBy: isCutShort ? interrupt.exitCode() : null };
  } finally {
    progress.stop();
    interrupt.release();
    await pool?.close();
  }
}
