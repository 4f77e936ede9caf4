/**
 * Small systems, stated in a line: `world({server: idealServer(1, 3), requests: [{atNs: 0, phases: [c(ms(5))]}]})`.
 */
import type { Nanos } from '../../src/kernel/time.js';
import { type Bench, compile, type LoadLimits } from '../../src/model/bench.js';
import type { ControlSpec } from '../../src/model/control-spec.js';
import { PARTS } from '../../src/model/observations.js';
import type { PhaseKind } from '../../src/model/phases.js';
import { serverType } from '../../src/model/servers/registry.js';
import type {
  AppSpec,
  EdgesSpec,
  GcSpec,
  GvlPolicyName,
  HostSpec,
  LoadSpec,
  PhaseSpec,
  RecordedDemands,
  ServerSpec,
  SystemSpec,
} from '../../src/model/spec.js';
import { NO_EDGES } from '../../src/model/spec.js';
import type { Distribution } from '../../src/random/distribution.js';
import { createConstant } from '../../src/random/distributions/index.js';
import { createStreams } from '../../src/random/streams.js';
import { ms, type Phase } from './phases.js';

export interface WorldRequest {
  readonly atNs: Nanos;
  readonly phases: readonly Phase[];
}

export interface WorldParams {
  readonly server: ServerSpec;
  /** Default: a core for everybody. */
  readonly cores?: number;
  readonly cpuQuota?: HostSpec['cpuQuota'];
  readonly scheduler?: HostSpec['scheduler'];
  readonly timeSliceNs?: Nanos;
  /** Counts only with `overheads`. */
  readonly wakeLatencyNs?: Nanos;
  /** Default: false. */
  readonly coldCaches?: boolean;
  readonly gvl?: GvlPolicyName;
  readonly quantumNs?: Nanos;
  readonly gc?: GcSpec;
  readonly overheads?: boolean;
  /** Exact requests … */
  readonly requests?: readonly WorldRequest[];
  /** … or phases whose lengths are drawn [ns], with a load. */
  readonly phases?: readonly (readonly [PhaseKind, Distribution])[];
  readonly load?: LoadSpec;
  readonly edges?: Partial<EdgesSpec>;
  readonly control?: Partial<ControlSpec>;
}

/** A server with its settings as they are written in a scenario. */
export function written(type: string, settings: Readonly<Record<string, unknown>>): ServerSpec {
  return { type, params: serverType(type).params.parse(settings) };
}

export const idealServer = (processes: number, threads: number): ServerSpec => ({
  type: 'ideal',
  params: { processes, ractors: 1, threads },
});

export const unicornServer = (
  workerProcesses: number,
  backlog = 1_000_000,
  timeoutNs = ms(3_600_000),
  checkClientConnection = false,
): ServerSpec => ({
  type: 'unicorn',
  params: {
    version: '6.1',
    workerProcesses,
    timeoutNs,
    preloadApp: true,
    bootTimeNs: 0,
    checkClientConnection,
    backlog,
  },
});

export const pumaServer = (version: string, workers: number, threads: number): ServerSpec =>
  written('puma', { version, workers, threads });

const VERSIONS: Record<GvlPolicyName, string> = {
  'barging-deadline': '3.1',
  'fifo-ticks': '3.3',
  'hot-thread': '4.1',
  'mn-threads': '3.3',
  cpython: '3.12',
};

export function world(params: WorldParams): SystemSpec {
  const gvl = params.gvl ?? 'fifo-ticks';
  const { app, load } = workload(params);
  return {
    host: {
      cores: params.cores ?? 1024,
      cpuQuota: params.cpuQuota ?? null,
      scheduler: params.scheduler ?? 'time-slices',
      timeSliceNs: params.timeSliceNs ?? ms(3),
      wakeLatencyNs: params.wakeLatencyNs ?? 0,
      warmWakeLatencyNs: params.wakeLatencyNs ?? 0,
      sleepOvershootNs: 0,
      ioCallNs: 0,
      preemptAfterNs: Number.POSITIVE_INFINITY,
      somaxconn: 1_000_000,
      coldCaches: params.coldCaches ?? false,
      memoryBytes: Number.POSITIVE_INFINITY,
      synLinearTimeouts: 4,
    },
    runtime: {
      language: gvl === 'cpython' ? 'python' : 'ruby',
      version: VERSIONS[gvl],
      gvl,
      quantumNs: params.quantumNs ?? (gvl === 'cpython' ? ms(5) : ms(100)),
      gc: params.gc ?? { kind: 'off' },
    },
    server: params.server,
    app,
    load,
    edges: { ...NO_EDGES, ...params.edges },
    ...(params.control !== undefined && {
      control: { queueAge: null, admission: null, adaptiveThreads: null, autoscaler: null, ...params.control },
    }),
    memory: { kind: 'off' },
    overheads: params.overheads ?? false,
  };
}

function workload(params: WorldParams): { app: AppSpec; load: LoadSpec } {
  const { requests } = params;
  if (requests !== undefined) {
    const arrivalNs = Float64Array.from(requests, ({ atNs }) => atNs);
    const load = params.load ?? { kind: 'recorded', arrivalNs };
    return { app: recordedApp(requests), load };
  }
  if (params.phases === undefined || params.load === undefined) throw new Error('give requests, or phases and a load');
  const phases: PhaseSpec[] = params.phases.map(([kind, demand]) => ({ kind, demand, share: null, keptObjects: 0 }));
  const classes = [{ name: 'only', weight: 1, phases, allocatedObjects: 0, mallocBytes: 0 }];
  return { app: { residentObjects: 0, classes, recorded: null }, load: params.load };
}

function recordedApp(requests: readonly WorldRequest[]): AppSpec {
  const phases = requests.flatMap((request) => request.phases);
  const phaseStart = new Uint32Array(requests.length + 1);
  requests.forEach((request, row) => {
    phaseStart[row + 1] = phaseStart[row]! + request.phases.length;
  });
  const recorded: RecordedDemands = {
    count: requests.length,
    ids: requests.map((_, row) => `r${row}`),
    classOf: new Uint16Array(requests.length),
    phaseStart,
    phaseKind: Uint8Array.from(phases, ({ kind }) => kind),
    phaseDemand: Float64Array.from(phases, ({ ns }) => ns),
    phaseKept: new Float64Array(phases.length),
    uploadNs: new Float64Array(requests.length),
    order: 'sequential',
    repeat: false,
  };
  const classes = [{ name: 'only', weight: 1, phases: [], allocatedObjects: 0, mallocBytes: 0 }];
  return { residentObjects: 0, classes, recorded };
}

/** A request that has left the system. */
export interface Departure {
  readonly ordinal: number;
  readonly arrivedNs: Nanos;
  readonly departedNs: Nanos;
  /** Index: `Part`. */
  readonly partsNs: readonly Nanos[];
  /** Index into the classes of the application. */
  readonly classOf: number;
  readonly process: number;
  readonly thread: number;
  readonly status: number;
  readonly attempt: number;
  readonly startNs: Nanos;
  readonly endNs: Nanos;
}

export interface WorldRun {
  /** In the order of departure. */
  readonly departures: readonly Departure[];
  readonly bench: Bench;
}

export interface RunOptions {
  readonly seed?: number;
  readonly replication?: number;
  readonly limits?: Partial<LoadLimits>;
  /** Called before the run, e.g. to attach a trace. */
  readonly prepare?: (bench: Bench) => void;
}

/** Runs until everybody has left, keeping every request. */
export function runWorld(spec: SystemSpec, options: RunOptions = {}): WorldRun {
  const departures: Departure[] = [];
  const limits = { requests: Number.POSITIVE_INFINITY, durationNs: Number.POSITIVE_INFINITY, ...options.limits };
  const streams = createStreams(options.seed ?? 1, options.replication ?? 0);
  const bench = compile(spec, limits, streams, {
    departed(request, nowNs) {
      const d = bench.departures;
      departures.push({
        ordinal: d.ordinal[request]!,
        arrivedNs: d.arrivedNs[request]!,
        departedNs: nowNs,
        partsNs: Array.from(d.partsNs.subarray(request * PARTS, (request + 1) * PARTS)),
        classOf: d.classOf[request]!,
        process: d.process[request]!,
        thread: d.thread[request]!,
        status: d.status[request]!,
        attempt: d.attempt[request]!,
        startNs: d.appStartNs[request]!,
        endNs: d.appEndNs[request]!,
      });
    },
  });
  options.prepare?.(bench);
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
  return { departures, bench };
}

/** Departure times in the order of arrival. */
export function departureTimes(run: WorldRun): Nanos[] {
  return byArrival(run).map(({ departedNs }) => departedNs);
}

export function byArrival({ departures }: WorldRun): Departure[] {
  return [...departures].sort((a, b) => a.ordinal - b.ordinal);
}

/** A garbage collection that stops a process for `pauseNs` after every `everyRunNs` of Ruby running time. */
export function collectEvery(everyRunNs: Nanos, pauseNs: Nanos): GcSpec {
  return { kind: 'explicit', everyRunNs, everyRequests: 0, pause: createConstant(pauseNs) };
}
