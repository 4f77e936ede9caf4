import type { RowSink } from '../../experiment/recording/collector.js';
import { requestName } from '../../experiment/replay/request-name.js';
import type { Bench } from '../../model/bench.js';
import { PARTS, Part, STATUS_NAMES } from '../../model/observations.js';
import type { SystemSpec } from '../../model/spec.js';
import { CLASS, column, REPLICATION, type Table, VARIANT } from '../columns.js';
import { csvLines, type Row } from '../csv.js';
import { nsAsMsCell, plainCell, secondsCell } from '../numbers.js';

const ms = (name: string, title: string, description: string) => column(name, 'number', 'ms', title, description);

export const REQUESTS: Table = {
  name: 'requests',
  title: 'Requests',
  description:
    'One row for each request, those of the warm-up included, in the order of departure. The parts add up to latency_ms exactly: backlog + queue + run + io + gvl_wait + cpu_wait + gc + pool_wait.',
  primaryKey: [],
  columns: [
    VARIANT,
    REPLICATION,
    column(
      'request_id',
      'string',
      '',
      'Request',
      'Number of the arrival in its replication, from 1; for recorded demands the `id` of the trace.',
    ),
    CLASS,
    column('worker', 'string', '', 'Worker', 'Name of the worker process; empty if none took the request.'),
    column('thread', 'string', '', 'Thread', 'Name of the thread within its worker; empty if none took the request.'),
    column(
      'arrival_s',
      'number',
      's',
      'Arrival',
      'Simulated time of the arrival: the intended one under open load, the sending under closed load.',
    ),
    ms('backlog_ms', 'Backlog time', "In the kernel's listen queue."),
    ms('queue_ms', 'Queue time', "In the server's own queue until a thread took the request."),
    ms('run_ms', 'Run time', 'Executing, garbage collection excluded.'),
    ms('io_ms', 'I/O time', 'Waiting for I/O with the GVL released.'),
    ms('gvl_wait_ms', 'GVL wait', 'Ready, waiting for the GVL.'),
    ms('cpu_wait_ms', 'Core wait', 'Holding the GVL, or running native code, while no core was free.'),
    ms('gc_ms', 'GC time', 'Garbage collection while the request was in the server: gc_own_ms + gc_other_ms.'),
    ms('service_ms', 'Service time', 'From the moment a thread took the request to the answer.'),
    ms('latency_ms', 'Latency', 'From the arrival to the answer.'),
    column('status', 'string', '', 'Status', 'One of `ok` `timeout` `refused` `shed` `killed` `abandoned`.'),
    ms('gc_own_ms', 'Own GC time', "Collections started by the request's own allocations."),
    ms('gc_other_ms', "Others' GC time", 'Waiting while another thread of the process collected garbage.'),
    ms('pool_wait_ms', 'Pool wait', 'Waiting for a connection of a pool.'),
    column(
      'warm_up',
      'boolean',
      '',
      'Warm-up',
      'The request arrived during the warm-up and is not counted in the summaries.',
    ),
    column(
      'attempt',
      'integer',
      '',
      'Attempt',
      'How often its client has sent the request, this time included; empty where clients do not try again.',
    ),
    ms(
      'request_queueing_ms',
      'Request queueing',
      'As X-Request-Start shows it: from the arrival to the start of the application; empty if it never started.',
    ),
    column(
      'apparent_io_ratio',
      'number',
      'ratio',
      'Apparent share of I/O',
      'As an APM shows it: (service - run) / service. The true one is io / (io + run + gc_own).',
    ),
  ],
};

/** Rows held before they are written: bounds the memory of a run that writes millions. */
const BATCH_ROWS = 2048;

export interface RequestRows extends RowSink {
  /** Writes what is still held. */
  end(): void;
}

/**
 * Turns departures into lines of requests.csv and hands them to `write` in batches.
 *
 * @param replication from 0
 */
export function createRequestRows(
  variant: string,
  system: SystemSpec,
  replication: number,
  bench: Bench,
  write: (chunk: string) => void,
): RequestRows {
  const number = String(replication + 1);
  const { processNames, threadNames } = bench;
  const hasAttempts = (system.edges.clients?.retries ?? null) !== null;
  let batch: Row[] = [];
  const flush = (): void => {
    write(csvLines(batch));
    batch = [];
  };
  return {
    row(table, request, nowNs, isWarmUp): void {
      const base = request * PARTS;
      const part = (which: Part): number => table.partsNs[base + which]!;
      const latencyNs = nowNs - table.arrivedNs[request]!;
      const gcOwn = part(Part.GcOwn);
      const gcOther = part(Part.GcOther);
      batch.push([
        variant,
        number,
        requestName(system, table, request),
        system.app.classes[table.classOf[request]!]!.name,
        processNames[table.process[request]!] ?? '',
        threadNames[table.thread[request]!] ?? '',
        secondsCell(table.arrivedNs[request]!),
        nsAsMsCell(part(Part.Backlog)),
        nsAsMsCell(part(Part.Queue)),
        nsAsMsCell(part(Part.Run)),
        nsAsMsCell(part(Part.Io)),
        nsAsMsCell(part(Part.GvlWait)),
        nsAsMsCell(part(Part.CpuWait)),
        nsAsMsCell(gcOwn + gcOther),
        nsAsMsCell(latencyNs - part(Part.Backlog) - part(Part.Queue)),
        nsAsMsCell(latencyNs),
        STATUS_NAMES[table.status[request]!]!,
        nsAsMsCell(gcOwn),
        nsAsMsCell(gcOther),
        nsAsMsCell(part(Part.PoolWait)),
        isWarmUp ? 'true' : 'false',
        hasAttempts ? String(table.attempt[request]!) : '',
        nsAsMsCell(table.appStartNs[request]! - table.arrivedNs[request]!),
        plainCell(1 - part(Part.Run) / (latencyNs - part(Part.Backlog) - part(Part.Queue))),
      ]);
      if (batch.length === BATCH_ROWS) flush();
    },
    end: flush,
  };
}
