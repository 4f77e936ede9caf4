import type { Nanos } from '../../kernel/time.js';
import { type Bench, compile } from '../../model/bench.js';
import { PARTS, type Part, type RequestId, STATUS_NAMES } from '../../model/observations.js';
import { createStreams } from '../../random/streams.js';
import type { ConfigurationSpec, RunSpec } from '../spec.js';
import { requestName } from './request-name.js';

/** A stretch of a request's life spent in one part of its latency. */
export interface LifeStep {
  /** Since the arrival [ns]. */
  readonly fromNs: Nanos;
  readonly lengthNs: Nanos;
  readonly part: Part;
  /** Kind of the event that ended the step, e.g. `gvl.tick`. */
  readonly endedBy: string;
}

export interface RequestLife {
  readonly name: string;
  readonly className: string;
  readonly arrivedNs: Nanos;
  readonly latencyNs: Nanos;
  readonly status: string;
  /** Empty if no thread took it. */
  readonly worker: string;
  readonly thread: string;
  /** Back to back from the arrival to the answer; their lengths add up to the latency. */
  readonly steps: readonly LifeStep[];
}

/**
 * Runs a replication until the request of this name has its answer and tells what happened to it, in order.
 * The model knows nothing of it: before every event the parts of the request are compared with what they were.
 *
 * @param replication from 0
 * @returns null if the replication has no such request
 */
export function requestLife(
  configuration: ConfigurationSpec,
  run: RunSpec,
  replication: number,
  name: string,
): RequestLife | null {
  const { system } = configuration;
  const limits = { requests: run.requests, durationNs: run.durationNs };
  let watch: RequestWatch | null = null;
  let life: RequestLife | null = null;
  const bench = compile(system, limits, createStreams(run.seed, replication), {
    departed: (request, nowNs) => {
      watch!.look();
      if (!watch!.isAt(request)) return;
      watch!.look();
      life = describe(bench, configuration, name, request, nowNs, watch!.steps);
      bench.kernel.stop();
    },
  });
  watch = new RequestWatch(bench, (request) => requestName(system, bench.departures, request) === name);
  bench.kernel.trace((_nowNs, kind) => {
    watch.look();
    watch.happening = kind;
  });
  bench.kernel.runUntil(Number.MAX_SAFE_INTEGER);
  return life;
}

/** Follows one request by the changes of its latency parts. */
class RequestWatch {
  readonly steps: LifeStep[];
  /** Kind of the event that is being executed. */
  happening: string;
  private slot: RequestId;
  private seen: Float64Array;
  private arrivals: number;
  private spentNs: Nanos;

  constructor(
    private readonly bench: Bench,
    private readonly isWanted: (request: RequestId) => boolean,
  ) {
    this.steps = [];
    this.happening = 'start';
    this.slot = -1;
    this.seen = new Float64Array(PARTS);
    this.arrivals = 0;
    this.spentNs = 0;
  }

  /** An abandoned request departs as a copy of the one that stays in the server. */
  isAt(request: RequestId): boolean {
    const { ordinal } = this.bench.departures;
    if (this.slot < 0 || ordinal[request] !== ordinal[this.slot]) return false;
    this.slot = request;
    return true;
  }

  /** Notes what the event that is being executed, or has just been, did to the request. */
  look(): void {
    if (this.slot < 0) this.search();
    if (this.slot >= 0) this.compare();
  }

  private search(): void {
    const before = this.arrivals;
    this.arrivals = this.bench.arrivals();
    if (this.arrivals === before) return;
    const { ordinal } = this.bench.departures;
    for (let request = 0; request < ordinal.length; request++) {
      const isNew = ordinal[request]! >= before && ordinal[request]! < this.arrivals;
      if (isNew && this.isWanted(request)) this.slot = request;
    }
  }

  private compare(): void {
    const parts = this.bench.departures.partsNs;
    for (let part = 0; part < PARTS; part++) {
      const now = parts[this.slot * PARTS + part]!;
      const lengthNs = now - this.seen[part]!;
      if (lengthNs === 0) continue;
      this.seen[part] = now;
      this.steps.push({ fromNs: this.spentNs, lengthNs, part: part as Part, endedBy: this.happening });
      this.spentNs += lengthNs;
    }
  }
}

function describe(
  bench: Bench,
  { system }: ConfigurationSpec,
  name: string,
  request: RequestId,
  nowNs: Nanos,
  steps: readonly LifeStep[],
): RequestLife {
  const { departures: table, processNames, threadNames } = bench;
  return {
    name,
    className: system.app.classes[table.classOf[request]!]!.name,
    arrivedNs: table.arrivedNs[request]!,
    latencyNs: nowNs - table.arrivedNs[request]!,
    status: STATUS_NAMES[table.status[request]!]!,
    worker: processNames[table.process[request]!] ?? '',
    thread: threadNames[table.thread[request]!] ?? '',
    steps,
  };
}
