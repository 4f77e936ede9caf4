import { count, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of the ideal server: one queue, no accept rules, no overheads. */
export interface IdealParams {
  readonly processes: number;
  /** Threads of each process. */
  readonly threads: number;
}

/** Keys and defaults of `server: {ideal: ...}`. */
export const idealParams: Schema<IdealParams> = record(
  'No real server, the yardstick: one FIFO queue for all processes; the process with the fewest busy threads takes the head at once.',
  {
    processes: preset(count({ doc: 'Processes, each with a GVL of its own.', min: 1, max: 1024 }), 1),
    threads: preset(count({ doc: 'Threads of each process.', min: 1, max: 10_000 }), 1),
  },
);
