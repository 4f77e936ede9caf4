/**
 * Measured runs of real servers (test/measured) as scenarios, and what a replication of such a scenario gives, in the
 * columns of the measurement.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runReplication } from '../../src/experiment/replicate.js';
import type { ConfigurationSpec, ExperimentSpec } from '../../src/experiment/spec.js';
import { STATUS_NAMES } from '../../src/model/observations.js';
import { PhaseKind } from '../../src/model/phases.js';
import { loadScenario } from '../../src/scenario/loading/load.js';

const ROOT = fileURLToPath(new URL('../measured/', import.meta.url));

/** Folders of measured cases, by the Ruby they ran on. */
const RUBY_OF_FOLDER = { web: '3.1', web33: '3.3' } as const;
type Folder = keyof typeof RUBY_OF_FOLDER;

/** Requests of one run, measured or simulated, one entry a request in the order of sending; milliseconds. */
export interface Requests {
  readonly ids: readonly string[];
  readonly sentMs: Float64Array;
  readonly latencyMs: Float64Array;
  /** From sending to the start of the application; NaN if it never started. */
  readonly queueMs: Float64Array;
  /** Time inside the application that is not demand: waiting for the GVL, overshoot of sleeps; NaN if not known. */
  readonly inAppWaitMs: Float64Array;
  /** From the end of the application to the answer. */
  readonly afterAppMs: Float64Array;
  readonly worker: readonly string[];
  readonly status: readonly string[];
}

export interface MeasuredCase {
  /** `web33/A05-puma66-t5-io50-rho80`. */
  readonly id: string;
  readonly folder: Folder;
  readonly name: string;
  /** Letter of the family, e.g. `A`. */
  readonly family: string;
  readonly ruby: string;
  readonly server: string;
  readonly version: string;
  readonly processes: number;
  readonly threads: number;
  readonly isSingle: boolean;
  /** Cores the server was pinned to. */
  readonly cores: number;
  readonly durationSec: number;
  /** Users of a closed loop, 0 = arrivals of a trace. */
  readonly users: number;
  readonly keepsAlive: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  /** Numbers of the runs to compare with. */
  readonly runs: readonly number[];
}

interface CaseFile {
  readonly name: string;
  readonly server: string;
  readonly version: string;
  readonly processes: number;
  readonly threads: number;
  readonly single_mode: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly pinning: { readonly server: string };
  readonly workload: { readonly kind: string; readonly users?: number; readonly connection?: string };
  readonly duration_s: number;
}

/** Runs during which the whole machine stalled (generator up to 38 ms late): not to be compared with. */
const DISTURBED: Readonly<Record<string, readonly number[]>> = { 'web33/A10-puma66-t5-io50-rho95': [1] };

/** All measured cases, in order. */
export function measuredCases(): MeasuredCase[] {
  return (Object.keys(RUBY_OF_FOLDER) as Folder[]).flatMap((folder) =>
    readdirSync(`${ROOT}${folder}`)
      .filter((name) => existsSync(`${ROOT}${folder}/${name}/case.json`))
      .sort()
      .map((name) => readCase(folder, name)),
  );
}

function readCase(folder: Folder, name: string): MeasuredCase {
  const directory = `${ROOT}${folder}/${name}`;
  const file = JSON.parse(readFileSync(`${directory}/case.json`, 'utf8')) as CaseFile;
  const id = `${folder}/${name}`;
  const runs = readdirSync(directory).flatMap((entry) => /^run(\d+)\.csv\.gz$/.exec(entry)?.[1] ?? []);
  return {
    id,
    folder,
    name,
    family: name[0]!,
    ruby: RUBY_OF_FOLDER[folder],
    server: file.server,
    version: file.version,
    processes: file.processes,
    threads: file.threads,
    isSingle: file.single_mode,
    cores: file.pinning.server.split(',').length,
    durationSec: file.duration_s,
    users: file.workload.kind === 'closed' ? file.workload.users! : 0,
    keepsAlive: file.workload.connection === 'keep',
    config: file.config,
    runs: runs
      .map(Number)
      .sort()
      .filter((run) => !DISTURBED[id]?.includes(run)),
  };
}

type Row = Readonly<Record<string, string>>;

function readRows(text: string): Row[] {
  const [head, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => Object.fromEntries(head!.map((name, k) => [name, cells[k] ?? ''])));
}

function readRunRows(measured: MeasuredCase, run: number): Row[] {
  const packed = readFileSync(`${ROOT}${measured.id}/run${run}.csv.gz`);
  const rows = readRows(gunzipSync(packed).toString());
  return rows.sort((a, b) => Number(a.send_ms) - Number(b.send_ms));
}

/** What was measured. Requests of a closed loop count if they were answered within the duration. */
export function readRun(measured: MeasuredCase, run: number): Requests {
  return requestsOf(
    readRunRows(measured, run).map((row) => {
      const sentMs = Number(row.send_ms);
      const startMs = row.app_start_ms === '' ? Number.NaN : Number(row.app_start_ms);
      const endMs = row.app_end_ms === '' ? Number.NaN : Number(row.app_end_ms);
      const waits =
        row.waits_us === '' ? Number.NaN : row.waits_us!.split('/').reduce((sum, us) => sum + Number(us), 0);
      return {
        id: row.id!,
        sentMs,
        latencyMs: Number(row.done_ms) - sentMs,
        queueMs: startMs - sentMs,
        inAppWaitMs: waits / 1000,
        afterAppMs: Number(row.done_ms) - endMs,
        worker: row.pid!,
        status: row.status === '200' ? 'ok' : 'error',
      };
    }),
  );
}

interface OneRequest {
  readonly id: string;
  readonly sentMs: number;
  readonly latencyMs: number;
  readonly queueMs: number;
  readonly inAppWaitMs: number;
  readonly afterAppMs: number;
  readonly worker: string;
  readonly status: string;
}

function requestsOf(rows: readonly OneRequest[]): Requests {
  return {
    ids: rows.map(({ id }) => id),
    sentMs: Float64Array.from(rows, ({ sentMs }) => sentMs),
    latencyMs: Float64Array.from(rows, ({ latencyMs }) => latencyMs),
    queueMs: Float64Array.from(rows, ({ queueMs }) => queueMs),
    inAppWaitMs: Float64Array.from(rows, ({ inAppWaitMs }) => inAppWaitMs),
    afterAppMs: Float64Array.from(rows, ({ afterAppMs }) => afterAppMs),
    worker: rows.map(({ worker }) => worker),
    status: rows.map(({ status }) => status),
  };
}

const TRACE = 'trace.csv';

/** The case in the scenario language, with the defaults that any user gets. */
export function scenarioOf(measured: MeasuredCase, replications = 1): string {
  const { server, version, config, threads, processes } = measured;
  const isTrace = measured.users === 0;
  const settings =
    server === 'puma'
      ? [
          `version: "${version}"`,
          `workers: ${measured.isSingle ? 0 : processes}`,
          `threads: ${threads}`,
          ...pumaExtras(config),
        ]
      : [
          `version: "${version}"`,
          `worker_processes: ${processes}`,
          `timeout: ${config.timeout ?? 60}s`,
          'preload_app: true',
        ];
  const load = isTrace
    ? `{recorded: {file: ${TRACE}}}`
    : `{closed: {users: ${measured.users}, think: 0s, keep_alive: ${measured.keepsAlive}}}`;
  return [
    'version: 1',
    `name: ${measured.name}`,
    `host: {cores: ${measured.cores}}`,
    `ruby: {version: "${measured.ruby}"}`,
    `server: {${server}: {${settings.join(', ')}}}`,
    ...(config.nginx === true ? ['proxy: {buffering: true}'] : []),
    `app: {recorded: {file: ${TRACE}}${config.base_objects === undefined ? '' : `, resident_objects: ${config.base_objects}`}}`,
    `load: ${load}`,
    `run: {warmup: 0s, replications: ${replications}, seed: 1${isTrace ? '' : `, duration: ${measured.durationSec}s`}}`,
    '',
  ].join('\n');
}

function pumaExtras(config: Readonly<Record<string, unknown>>): string[] {
  const lessBusy = config.less_busy;
  const extras: string[] = [];
  if (lessBusy !== undefined && lessBusy !== 'nil')
    extras.push(`wait_for_less_busy_worker: ${Number(lessBusy) * 1000}ms`);
  if (config.backlog !== undefined) extras.push(`backlog: ${config.backlog}`);
  return extras;
}

/** The trace as it was sent in one run: the times of sending for those planned, so that the generator's lateness is replayed. */
export function traceOf(measured: MeasuredCase, run: number): string {
  const text = readFileSync(`${ROOT}${measured.id}/${TRACE}`, 'utf8');
  if (measured.users > 0) return text;
  const demands = new Map(readRows(text).map((row) => [row.id!, row]));
  const lines = readRunRows(measured, run).map((row) => {
    const demand = demands.get(row.id!)!;
    return [row.send_ms, row.id, demand.phases, demand.client ?? ''].join(',');
  });
  return ['arrival_ms,id,phases,client', ...lines, ''].join('\n');
}

/**
 * The case as an experiment.
 *
 * @param change what is done to the trace before
 * @throws Error with the problems when it cannot be simulated
 */
export function experimentOf(
  measured: MeasuredCase,
  run: number,
  set: readonly string[] = [],
  change: (trace: string) => string = (trace) => trace,
): ExperimentSpec {
  const loaded = loadScenario(
    { file: 'scenario.yml', text: scenarioOf(measured) },
    { readText: () => change(traceOf(measured, run)), set },
  );
  if (loaded.experiment === null) throw new Error(loaded.problems.map(({ message }) => message).join('; '));
  return loaded.experiment;
}

/** One replication of the case, in the columns of the measurement. */
export function replay(experiment: ExperimentSpec, replication = 0): Requests {
  const configuration = experiment.configurations[0]!;
  const rows: OneRequest[] = [];
  const demandMs = demandsMs(configuration);
  const { ids, uploadNs } = configuration.system.app.recorded!;
  runReplication(configuration, experiment.run, replication, {
    rows: (bench) => ({
      row: (table, request, nowNs) => {
        const row = table.row[request]!;
        const sentNs = table.arrivedNs[request]!;
        const startNs = table.appStartNs[request]!;
        const endNs = table.appEndNs[request]!;
        const wholeNs = sentNs + uploadNs[row]!; // reading a slow body is no wait of the application
        rows.push({
          id: ids[row]!,
          sentMs: sentNs / 1e6,
          latencyMs: (nowNs - sentNs) / 1e6,
          queueMs: (startNs - sentNs) / 1e6,
          inAppWaitMs: (endNs - Math.max(startNs, wholeNs)) / 1e6 - demandMs[row]!,
          afterAppMs: (nowNs - endNs) / 1e6,
          worker: bench.processNames[table.process[request]!] ?? '',
          status: STATUS_NAMES[table.status[request]!]!,
        });
      },
    }),
  });
  return requestsOf(rows.sort((a, b) => a.sentMs - b.sentMs));
}

/** Demand of each row of the trace; NaN where it follows from allocations. */
function demandsMs({ system }: ConfigurationSpec): Float64Array {
  const { count, phaseStart, phaseKind, phaseDemand } = system.app.recorded!;
  return Float64Array.from({ length: count }, (_, row) => {
    let sumNs = 0;
    for (let k = phaseStart[row]!; k < phaseStart[row + 1]!; k++) {
      sumNs += phaseKind[k] === PhaseKind.Allocate ? Number.NaN : phaseDemand[k]!;
    }
    return sumNs / 1e6;
  });
}
