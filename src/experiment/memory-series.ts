import type { Nanos } from '../kernel/time.js';
import { type MemoryMeter, type MemoryReading, type ProcessFigures, rssOf, ussOf } from '../model/memory-figures.js';

/** The figures of a process or container that are reported, by name, in MiB. */
export const MEMORY_METRICS = [
  'rss_mib',
  'pss_mib',
  'uss_mib',
  'shared_clean_mib',
  'shared_dirty_mib',
  'private_clean_mib',
  'private_dirty_mib',
] as const;
export type MemoryMetric = (typeof MEMORY_METRICS)[number];

const MIB = 1024 * 1024;

const VALUE: Readonly<Record<MemoryMetric, (figures: ProcessFigures) => number>> = {
  rss_mib: (figures) => rssOf(figures) / MIB,
  pss_mib: (figures) => figures.pss / MIB,
  uss_mib: (figures) => ussOf(figures) / MIB,
  shared_clean_mib: (figures) => figures.sharedClean / MIB,
  shared_dirty_mib: (figures) => figures.sharedDirty / MIB,
  private_clean_mib: (figures) => figures.privateClean / MIB,
  private_dirty_mib: (figures) => figures.privateDirty / MIB,
};

/** What all processes of a container have together, or the processes of a class on average. */
export interface MemoryGroup {
  /** `container` (the sum over its processes), or a class of processes (their mean). */
  readonly name: string;
  readonly processes: number;
}

/** Memory over the simulated time of one replication. */
export interface MemorySeries {
  readonly groups: readonly MemoryGroup[];
  readonly timesNs: Float64Array;
  /** [group][metric in the order of `MEMORY_METRICS`][sample], in MiB. */
  readonly values: readonly (readonly Float64Array[])[];
}

/** Reads the memory at the sampled times, group by group, as one row of numbers. */
export class MemoryProbe {
  readonly groups: readonly MemoryGroup[];
  private readonly membersOf: readonly (readonly number[])[];

  constructor(private readonly meter: MemoryMeter) {
    const all = meter.classes.map((_, process) => process);
    const names = [...new Set(meter.classes)];
    this.membersOf = [all, ...names.map((name) => all.filter((process) => meter.classes[process] === name))];
    const count = all.filter((process) => meter.classes[process] !== 'image').length;
    this.groups = [
      { name: 'container', processes: count },
      ...names.map((name, k) => ({ name, processes: this.membersOf[k + 1]!.length })),
    ];
  }

  /** [group][metric], flat. */
  read(nowNs: Nanos): number[] {
    const reading = this.meter.read(nowNs);
    return this.groups.flatMap((group, g) => this.row(reading, g, g === 0 ? 1 : group.processes));
  }

  private row({ processes }: MemoryReading, group: number, divisor: number): number[] {
    const members = this.membersOf[group]!.map((process) => processes[process]!);
    return MEMORY_METRICS.map((metric) => {
      const counted = metric === 'rss_mib' && group === 0 ? members.filter((_, k) => this.isMapped(k)) : members;
      return counted.reduce((sum, figures) => sum + VALUE[metric](figures), 0) / divisor;
    });
  }

  /** Whether a process maps the pages: what nobody maps is in nobody's resident size. */
  private isMapped(process: number): boolean {
    return this.meter.classes[process] !== 'image';
  }

  series(timesNs: readonly Nanos[], rows: readonly (readonly number[])[]): MemorySeries {
    const width = MEMORY_METRICS.length;
    const values = this.groups.map((_, g) =>
      MEMORY_METRICS.map((__, m) => Float64Array.from(rows, (row) => row[g * width + m]!)),
    );
    return { groups: this.groups, timesNs: Float64Array.from(timesNs), values };
  }
}
