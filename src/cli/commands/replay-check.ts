import { type ReplayedRequests, replayRequests } from '../../experiment/replay/observed-requests.js';
import { checkReplay } from '../../experiment/replay/replay-check.js';
import type { ConfigurationSpec, ExperimentSpec } from '../../experiment/spec.js';
import { createStreams } from '../../random/streams.js';
import { csvChunks } from '../../report/csv.js';
import { replayCheckRows } from '../../report/outputs/replay-check.js';
import { REPLAY_CHECK } from '../../report/tables.js';
import { loadMeasurement } from '../../scenario/index.js';
import type { ReplayCheckArgs } from '../arguments/options.js';
import { CliError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { openOutDirectory } from '../files/out-directory.js';
import { readSource } from '../files/read-source.js';
import type { CheckedReplay } from '../print/replay-table.js';
import { replayText } from '../print/replay-text.js';
import { loadOrExplain, printProblems } from '../problems.js';
import { formatWanted, scenarioRequest } from '../simulate-and-report.js';
import { printData, printNote } from '../terminal.js';

/** `gvlsim replay-check FILE --measured CSV`: replays a trace and compares with what was measured. */
export async function replayCheck(args: ReplayCheckArgs): Promise<number> {
  const format = formatWanted(args);
  if (args.measured === undefined) {
    throw new CliError('--measured is missing', '--measured CSV names the file with the measured requests');
  }
  const loaded = loadOrExplain(scenarioRequest(args), args);
  if (typeof loaded === 'number') return loaded;
  const { experiment } = loaded;
  const { configuration, ids } = recordedOf(experiment, args.file);
  const { measured, problems } = loadMeasurement(readSource(args.measured), ids);
  if (measured === null) {
    printProblems(problems, args);
    return Exit.Usage;
  }
  const directory =
    args.out === undefined || args.out === '-'
      ? null
      : openOutDirectory(args.out, { force: args.force, replaces: null });
  try {
    const replays = replaysOf(configuration, experiment);
    const options = {
      level: experiment.run.confidence,
      stream: createStreams(experiment.run.seed, 0).open('replay-check/bootstrap'),
    };
    const replayed: CheckedReplay = {
      scenario: experiment.name,
      measuredFile: args.measured,
      replays: replays.length,
      warmUp: replays[0]!.warmUp,
      level: options.level,
      check: checkReplay(
        measured,
        replays.map(({ requests }) => requests),
        options,
      ),
    };
    if (replayed.check.matched === 0) {
      const why = 'no request was answered both when measured and when replayed';
      throw new CliError(`${args.measured}: ${why}`, 'a warm-up that covers the run, or failures only?');
    }
    const rows = [...replayCheckRows(experiment.name, replayed.check.figures, options.level)];
    directory?.write('replay-check.csv', csvChunks(REPLAY_CHECK, rows));
    await printData(replayText(replayed, rows, format, args));
    if (directory !== null && !args.quiet) printNote(`wrote ${directory.path}/`);
    return Exit.Ok;
  } finally {
    directory?.close();
  }
}

/**
 * The configuration that is replayed, and the names of its requests.
 *
 * @throws CliError if the scenario does not replay a trace, each row once
 */
function recordedOf(
  { configurations }: ExperimentSpec,
  file: string,
): { configuration: ConfigurationSpec; ids: readonly string[] } {
  const [configuration, ...others] = configurations;
  if (others.length > 0) {
    throw new CliError(`${file}: variants: a measurement is of one server`, 'check a scenario without variants');
  }
  const { app, load } = configuration!.system;
  const { recorded } = app;
  const refuse = (what: string, hint: string): never => {
    throw new CliError(`${file}: ${what}`, hint);
  };
  if (recorded === null) return refuse('app: not recorded', 'app: {recorded: {file: trace.csv}}');
  if (load.kind !== 'recorded' && load.kind !== 'closed') {
    return refuse('load: not recorded', 'load: {recorded: {file: trace.csv}}, or closed');
  }
  if (recorded.order === 'random') return refuse('app.recorded.order: random is no replay', 'order: sequential');
  if (recorded.repeat) {
    return refuse('app.recorded.repeat: a request that is sent again has the same id', 'repeat: false');
  }
  const known = new Set<string>();
  for (const id of recorded.ids) {
    if (known.has(id)) refuse(`the trace has two requests with the id ${id}`, 'ids must differ to be matched');
    known.add(id);
  }
  return { configuration: configuration!, ids: recorded.ids };
}

/** As many replays as the scenario has replications; one, if the second is the same as the first: nothing is left to chance. */
function replaysOf(configuration: ConfigurationSpec, { run }: ExperimentSpec): ReplayedRequests[] {
  const replays = [replayRequests(configuration, run, 0)];
  while (replays.length < run.replications) {
    const next = replayRequests(configuration, run, replays.length);
    if (next.fingerprint === replays[0]!.fingerprint) break;
    replays.push(next);
  }
  return replays;
}
