import { type RequestLife, requestLife } from '../experiment/replay/request-life.js';
import { Part } from '../model/observations.js';
import { SCHEMA_VERSION } from '../report/outputs/manifest.js';
import type { SimulationArgs } from './arguments/options.js';
import { CliError } from './cli-error.js';
import { Exit } from './exit-codes.js';
import { grid } from './print/grid.js';
import { loadOrExplain } from './problems.js';
import { formatWanted, scenarioRequest } from './simulate-and-report.js';
import { printData } from './terminal.js';
import { gvlsimVersion } from './version.js';

const PART_NAMES: Readonly<Record<Part, string>> = {
  [Part.Backlog]: 'backlog',
  [Part.Queue]: 'queue',
  [Part.Run]: 'run',
  [Part.Io]: 'I/O',
  [Part.GvlWait]: 'GVL wait',
  [Part.GcOwn]: 'GC (own)',
  [Part.GcOther]: 'GC (of another thread)',
  [Part.CpuWait]: 'core wait',
  [Part.PoolWait]: 'pool wait',
};

/** `gvlsim run FILE --trace REQUEST`: what happened to one request of the first replication, in order, in every variant. */
export async function traceRequest(args: SimulationArgs, name: string): Promise<number> {
  const format = formatWanted(args);
  if (format !== 'table' && format !== 'json') throw new CliError(`--trace has no format ${format}: table or json`);
  const loaded = loadOrExplain(scenarioRequest(args), args);
  if (typeof loaded === 'number') return loaded;
  const { configurations, run } = loaded.experiment;
  const lives = configurations.map((configuration) => {
    const life = requestLife(configuration, run, 0, name);
    if (life === null) throw new CliError(`${configuration.variant} has no request ${name} in replication 1`);
    return { variant: configuration.variant, life };
  });
  if (format === 'json') {
    const head = { schema_version: SCHEMA_VERSION, command: 'run', gvlsim_version: gvlsimVersion() };
    await printData(`${JSON.stringify({ ...head, traces: lives.map(asJson) }, null, 2)}\n`);
  } else {
    await printData(`${lives.map(asText).join('\n\n')}\n`);
  }
  return Exit.Ok;
}

interface TracedRequest {
  readonly variant: string;
  readonly life: RequestLife;
}

function asText({ variant, life }: TracedRequest): string {
  const by = life.thread === '' ? '' : `, by ${life.worker} ${life.thread}`;
  const rows = life.steps.map(({ fromNs, lengthNs, part, endedBy }) => [
    PART_NAMES[part],
    msText(fromNs),
    msText(lengthNs),
    endedBy,
  ]);
  return [
    `${variant}: request ${life.name} (${life.className}) of replication 1`,
    `arrived at ${(life.arrivedNs / 1e9).toFixed(9)} s; ${life.status} after ${msText(life.latencyNs)} ms${by}`,
    '',
    grid(['part', 'from [ms]', 'for [ms]', 'ended by'], rows),
  ].join('\n');
}

function msText(ns: number): string {
  return (ns / 1e6).toFixed(6);
}

function asJson({ variant, life }: TracedRequest): object {
  return {
    variant,
    replication: 1,
    request_id: life.name,
    class: life.className,
    worker: life.worker,
    thread: life.thread,
    arrival_s: life.arrivedNs / 1e9,
    latency_ms: life.latencyNs / 1e6,
    status: life.status,
    steps: life.steps.map(({ fromNs, lengthNs, part, endedBy }) => ({
      part: PART_NAMES[part],
      from_ms: fromNs / 1e6,
      length_ms: lengthNs / 1e6,
      ended_by: endedBy,
    })),
  };
}
