import { Kernel } from '../kernel/kernel.js';
import type { Nanos } from '../kernel/time.js';
import type { Streams } from '../random/streams.js';
import { createArrivals } from './clients/arrivals.js';
import { ClosedLoad } from './clients/closed-load.js';
import { createDemands } from './clients/demands.js';
import { OpenLoad } from './clients/open-load.js';
import { Patience } from './clients/patience/patience.js';
import { type LoadLimits, Population } from './clients/population.js';
import { QueueAge } from './control/queue-age/queue-age.js';
import { assembleBehindEdges } from './edge/assemble.js';
import { RequestTable } from './entities/requests.js';
import { INTERPRETER_OBJECTS } from './gc/policies.js';
import { MemoryRoom } from './memory/memory-room.js';
import { createTextbookMeter } from './memory/metrics/textbook.js';
import type { MemoryMeter } from './memory-figures.js';
import type { SimulatedMemorySpec } from './memory-spec.js';
import type { Departures, Gauge, Observer } from './observations.js';
import { Operations } from './operations/operations.js';
import type { HostControl } from './processes/host-control.js';
import type { Processes } from './processes/processes.js';
import { slotsOf } from './servers/registry.js';
import type { Server } from './servers/server.js';
import { Service } from './services/service.js';
import { type Doorkeeper, siteOf } from './site.js';
import type { AppSpec, SystemSpec } from './spec.js';

export type { LoadLimits } from './clients/population.js';

/** A compiled system, ready to run. */
export interface Bench {
  readonly kernel: Kernel;
  /** Columns of the requests, read by observers at departure. They are replaced when the table grows. */
  readonly departures: Departures;
  readonly gauges: readonly Gauge[];
  /** Null: memory is not simulated. */
  readonly memory: MemoryMeter | null;
  /** Name of each worker process, e.g. `worker-0`. Index: `departures.process`. */
  readonly processNames: readonly string[];
  /** Name of each thread, unique within its process, e.g. `tp-3`. Index: `departures.thread`. */
  readonly threadNames: readonly string[];
  /** The server's processes, of all hosts, numbered as in `processNames`; null where they live as long as the run. */
  readonly processes: Processes | null;
  /** Requests that have arrived so far. */
  arrivals(): number;
  /** Requests in the system now. */
  inSystem(): number;
  /** Time-integral of the number in the system since 0 [ns x requests]. */
  inSystemIntegral(nowNs: Nanos): number;
}

/**
 * Builds the model of one configuration on a fresh kernel and schedules the first arrivals.
 * Run it with `bench.kernel.runUntil(...)`; the calendar is empty when the load has ended and everybody has left.
 */
export function compile(spec: SystemSpec, limits: LoadLimits, streams: Streams, observer: Observer): Bench {
  const kernel = new Kernel();
  const demands = createDemands(spec.app, streams);
  const requests = new RequestTable(kernel, demands.maxPhases);
  const population = new Population(kernel, requests, demands, limits, observer);
  const { host, runtime, app, overheads, load } = spec;
  const memory = spec.memory.kind === 'simulated' ? roomFor(spec, spec.memory, kernel, requests) : null;
  const services = (app.services ?? []).map((service) => new Service(service));
  const adaptiveThreads = spec.control?.adaptiveThreads ?? null;
  const doorkeeper = doorkeeperOf(spec, kernel, requests);
  const place = {
    kernel,
    requests,
    streams,
    host,
    runtime,
    app,
    overheads,
    load,
    memory,
    services,
    doorkeeper,
    adaptiveThreads,
    downloadNs: downloadsOf(spec.app),
    isOperated: spec.operations !== undefined,
  };
  const { clients } = spec.edges;
  const patience = clients === null ? null : new Patience(clients, place, population);
  const server = assembleBehindEdges(spec, siteOf({ ...place, clients: patience ?? population }));
  patience?.attach(server);
  if (spec.operations !== undefined) new Operations(kernel, hostsOf(server), spec.operations);
  const desk = patience ?? server;
  if (load.kind === 'closed') {
    const closed = new ClosedLoad(kernel, load.users, load.think, streams, population);
    population.attach(desk, (user) => closed.answered(user));
  } else {
    population.attach(desk, null);
    new OpenLoad(kernel, createArrivals(load, streams), population);
  }
  return {
    kernel,
    departures: requests,
    gauges: [...server.gauges, ...(patience?.gauges ?? []), ...services.flatMap((service) => service.gauges())],
    memory: memory ?? textbookMeter(spec),
    processNames: server.processNames,
    threadNames: server.threads.flat().map(({ name }) => name),
    processes: server.processes ?? null,
    arrivals: () => population.arrived,
    inSystem: () => population.inSystem,
    inSystemIntegral: (now) => population.inSystemIntegral(now),
  };
}

/** By class; null if nobody is slow to take in an answer. */
function downloadsOf({ classes }: AppSpec): Float64Array | null {
  const times = Float64Array.from(classes, ({ downloadNs = 0 }) => downloadNs);
  return times.some((ns) => ns > 0) ? times : null;
}

function doorkeeperOf({ control, edges }: SystemSpec, kernel: Kernel, requests: RequestTable): Doorkeeper | null {
  const queueAge = control?.queueAge ?? null;
  return queueAge === null ? null : new QueueAge(queueAge, kernel, requests, edges.proxy?.buffering ?? false);
}

/** @throws Error if the server's processes live as long as the run */
function hostsOf({ hosts, processes, door, silence }: Server): readonly HostControl[] {
  if (hosts !== undefined && hosts.length > 0) return hosts;
  if (processes === undefined || door === undefined)
    throw new Error('the processes of this server cannot be restarted');
  return [{ processes, door, ...(silence !== undefined && { silence }), takesPart: () => {} }];
}

function textbookMeter({ memory, server, host }: SystemSpec): MemoryMeter | null {
  return memory.kind === 'textbook' ? createTextbookMeter(memory, slotsOf(server), host.memoryBytes) : null;
}

function roomFor(
  { app, host }: SystemSpec,
  memory: SimulatedMemorySpec,
  kernel: Kernel,
  requests: RequestTable,
): MemoryRoom {
  return new MemoryRoom(memory, kernel, requests, app.residentObjects + INTERPRETER_OBJECTS, host.memoryBytes);
}
