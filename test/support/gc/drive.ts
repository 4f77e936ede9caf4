import type { Collector } from '../../../src/model/gc/collector.js';

export interface Burst {
  readonly process: number;
  readonly thread: number;
  readonly objects: number;
  readonly mallocBytes: number;
  readonly workNs: number;
}

/** What a burst went through: the stops, in order, and what it paid to sweeping. */
export interface Driven {
  readonly pausesNs: number[];
  readonly sweepNs: number;
  /** Objects allocated when each stop came. */
  readonly at: number[];
}

/** Runs a burst the way a thread does: in pieces, cut at whole ns where the collector says so. */
export function drive(
  collector: Collector,
  burst: Burst,
  stopped: (pauseNs: number, minorsStarted: number) => void = () => {},
): Driven {
  const { process, thread, workNs } = burst;
  const pausesNs: number[] = [];
  const at: number[] = [];
  let sweepNs = 0;
  let left = workNs;
  while (left > 0) {
    const objects = (burst.objects * left) / workNs;
    const bytes = (burst.mallocBytes * left) / workNs;
    const fraction = collector.runnableFraction(process, left, objects, bytes);
    const piece = fraction < 1 ? Math.floor(left * fraction) : left;
    if (piece === 0) {
      at.push((burst.objects * (workNs - left)) / workNs);
      const minors = collector.counts(process).minor;
      pausesNs.push(collector.collect(process));
      stopped(pausesNs.at(-1)!, collector.counts(process).minor - minors);
      if (pausesNs.length > 100_000) throw new Error('the collector does not make progress');
      continue;
    }
    sweepNs += collector.stepCostNs(process, (objects * piece) / left);
    collector.allocated(process, thread, piece, (objects * piece) / left, (bytes * piece) / left);
    left -= piece;
  }
  return { pausesNs, sweepNs, at };
}
