import type { Better } from '../request-metrics.js';

/** A quantity of a whole run: one value a replication, measured between the end of the warm-up and the end of the load. */
export interface RunMetric {
  readonly name: string;
  readonly title: string;
  readonly unit: '1/s' | 'ratio' | 'count' | 'MiB' | 'MiB/min' | 's' | 'MiB s' | 'ms' | 'ms/s';
  readonly description: string;
  /** Given for each class as well, not only for all requests together. */
  readonly perClass: boolean;
  /** Whether less or more of it is better; missing where neither is. */
  readonly better?: Better;
  /** Says whether something happened in the replication: 1 or 0. */
  readonly isEvent?: true;
}
