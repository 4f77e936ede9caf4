import type { Nanos } from '../../kernel/time.js';
import {
  type ClassReading,
  type MemoryLayers,
  type MemoryMeter,
  type ProcessFigures,
  rssOf,
  ussOf,
} from '../../model/memory-figures.js';

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

/** Figures of the layers between Ruby objects and the kernel, by name; NaN where there is no Ruby heap. */
const LAYER: Readonly<Record<string, (layers: MemoryLayers) => number>> = {
  ruby_heap_pages_count: ({ rubyHeap }) => rubyHeap?.pages ?? Number.NaN,
  ruby_heap_mib: ({ rubyHeap }) => (rubyHeap?.pageBytes ?? Number.NaN) / MIB,
  ruby_heap_used_mib: ({ rubyHeap }) => (rubyHeap?.usedBytes ?? Number.NaN) / MIB,
  ruby_heap_empty_mib: ({ rubyHeap }) => (rubyHeap?.emptyBytes ?? Number.NaN) / MIB,
  malloc_live_mib: ({ malloc }) => malloc.liveBytes / MIB,
  malloc_kept_mib: ({ malloc }) => malloc.keptBytes / MIB,
  malloc_reserved_mib: ({ malloc }) => malloc.reservedBytes / MIB,
  arenas_count: ({ malloc }) => malloc.arenas,
};
export const LAYER_METRICS: readonly string[] = Object.keys(LAYER);

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
  /** [metric in the order of `LAYER_METRICS`][sample]; empty if memory is a formula. */
  readonly layers: readonly Float64Array[];
  /** The Ruby heap by size pool: names of the metrics, and [metric][sample], in MiB; empty where there is none. */
  readonly sizePools: { readonly names: readonly string[]; readonly values: readonly Float64Array[] };
}

/** Reads the memory at the sampled times, group by group, as one row of numbers. */
export class MemoryProbe {
  readonly groups: readonly MemoryGroup[];
  private readonly poolNames: readonly string[];

  constructor(private readonly meter: MemoryMeter) {
    this.poolNames = (meter.layers(0)?.sizePools ?? []).flatMap(({ slotBytes }) => [
      `ruby_heap_${slotBytes}b_mib`,
      `ruby_heap_${slotBytes}b_used_mib`,
    ]);
    const classes = meter.read(0);
    const processes = classes.reduce(
      (sum, { processClass, count }) => (processClass === 'image' ? sum : sum + count),
      0,
    );
    this.groups = [
      { name: 'container', processes },
      ...classes.map(({ processClass, count }) => ({ name: processClass, processes: count })),
    ];
  }

  /** [group][metric], flat, the layers, and the size pools. */
  read(nowNs: Nanos): number[] {
    const classes = this.meter.read(nowNs);
    const container = MEMORY_METRICS.map((metric) =>
      classes.reduce((sum, reading) => (isCounted(metric, reading) ? sum + VALUE[metric](reading.figures) : sum), 0),
    );
    const means = classes.flatMap(({ figures, count }) =>
      MEMORY_METRICS.map((metric) => (count === 0 ? 0 : VALUE[metric](figures) / count)),
    );
    const layers = this.meter.layers(nowNs);
    if (layers === null) return [...container, ...means];
    const pools = layers.sizePools.flatMap(({ pageBytes, usedBytes }) => [pageBytes / MIB, usedBytes / MIB]);
    return [...container, ...means, ...LAYER_METRICS.map((metric) => LAYER[metric]!(layers)), ...pools];
  }

  series(timesNs: readonly Nanos[], rows: readonly (readonly number[])[]): MemorySeries {
    const width = MEMORY_METRICS.length;
    const values = this.groups.map((_, g) =>
      MEMORY_METRICS.map((__, m) => Float64Array.from(rows, (row) => row[g * width + m]!)),
    );
    const first = width * this.groups.length;
    const columns = Array.from({ length: rows[0]!.length - first }, (_, k) =>
      Float64Array.from(rows, (row) => row[first + k]!),
    );
    const names = this.poolNames;
    const layers = columns.slice(0, columns.length - names.length);
    const sizePools = { names, values: columns.slice(layers.length) };
    return { groups: this.groups, timesNs: Float64Array.from(timesNs), values, layers, sizePools };
  }
}

/** What no process maps is in nobody's resident size. */
function isCounted(metric: MemoryMetric, { processClass }: ClassReading): boolean {
  return metric !== 'rss_mib' || processClass !== 'image';
}
