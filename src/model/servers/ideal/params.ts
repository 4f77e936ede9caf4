import { count, preset, record, type Schema } from '../../../schema/index.js';

/** Settings of the ideal server: one queue, no accept rules, no overheads. */
export interface IdealParams {
  readonly processes: number;
  /** Of each process. */
  readonly ractors: number;
  /** Threads of each ractor. */
  readonly threads: number;
}

/** Keys and defaults of `server: {ideal: ...}`. */
export const idealParams: Schema<IdealParams> = record(
  'No real server, the yardstick: one FIFO queue for all processes; the process with the fewest busy threads takes the head at once.',
  {
    processes: preset(count({ doc: 'Processes, each with a GVL of its own.', min: 1, max: 1024 }), 1),
    ractors: preset(
      count({
        doc: 'Ractors of each process: a GVL and connection pools each, one heap for all of them, so a collection stops all. More than 1: they are ractors that the main one has started, whose threads are M:N from Ruby 3.3 on. More than 8 take RUBY_MAX_CPU as large.',
        min: 1,
        max: 256,
      }),
      1,
    ),
    threads: preset(count({ doc: 'Threads of each process, or of each ractor.', min: 1, max: 10_000 }), 1),
  },
);
