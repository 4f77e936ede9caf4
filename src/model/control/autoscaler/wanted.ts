import type { Nanos } from '../../../kernel/time.js';
import type { ScalingSignal } from '../../control-spec.js';

/** Signals this near to their target ask for nothing (Kubernetes: horizontal-pod-autoscaler-tolerance). */
const TOLERANCE = 0.1;

/**
 * How many hosts the signal asks for, without bounds.
 *
 * A target is kept as by Kubernetes: hosts x signal / target, rounded up, and as it is within a tenth of the target; hosts
 * that boot count as if they used nothing. Thresholds ask for one more or one fewer.
 *
 * @param value the signal over the last period [ratio, or ns for queue_time]
 * @param ready hosts that get requests
 * @param all those that boot included
 * @see Kubernetes, Horizontal Pod Autoscaling: algorithm details
 */
export function wantedHosts(signal: ScalingSignal, value: number, ready: number, all: number): number {
  if (signal.kind === 'queue_time') {
    if (value > signal.upAboveNs) return all > ready ? all : all + 1;
    return value < signal.downBelowNs ? all - 1 : all;
  }
  const ratio = value / signal.target;
  if (Math.abs(ratio - 1) <= TOLERANCE) return all;
  const wanted = Math.ceil(ready * ratio);
  // Hosts that boot may be enough, but they are no reason to have fewer than before the signal rose.
  return ratio > 1 ? Math.max(wanted, all) : Math.min(wanted, all);
}

/** What was asked for lately: hosts are taken away only down to the most of it. */
export class Recommendations {
  private readonly times: Nanos[];
  private readonly hosts: number[];

  constructor(private readonly windowNs: Nanos) {
    this.times = [];
    this.hosts = [];
  }

  /** Adds what is asked for now, and returns the most that was asked for within the window. */
  most(nowNs: Nanos, hosts: number): number {
    this.times.push(nowNs);
    this.hosts.push(hosts);
    while (this.times[0]! < nowNs - this.windowNs) {
      this.times.shift();
      this.hosts.shift();
    }
    return Math.max(...this.hosts);
  }
}
