import type { Nanos } from '../../kernel/time.js';
import type { Bench } from '../../model/bench.js';
import type { Signal, TimeSeries } from '../result.js';
import type { RunSpec } from '../spec.js';
import type { Departed } from '../warm-up/course.js';
import { MemoryProbe, type MemorySeries } from './memory-series.js';

/** A run whose length is known gets at most this many samples; one whose length is not, between 100 and 500. */
const TARGET_SAMPLES = 200;
const MOST_SAMPLES = 500;

/**
 * Samples gauges at multiples of an interval. The caller stops the kernel at `nextNs()` and calls `take()`: sampling
 * adds no events, so it changes neither the order of the others nor the fingerprint.
 *
 * When the length of the run is unknown the interval starts at 1 ms and grows by 2 and 5 in turn whenever there are
 * too many samples: those that remain are the ones the longer interval would have taken. It depends on simulated
 * time alone.
 */
export class Sampler {
  private intervalNs: Nanos;
  private readonly isAdaptive: boolean;
  private factor: 2 | 5;
  private readonly bench: Bench;
  private readonly memory: MemoryProbe | null;
  /** Memory at the sampled times; empty without a memory model. */
  private memoryRows: number[][];
  private readonly departed: Departed;
  private times: number[];
  private levels: number[][];

  constructor(bench: Bench, run: RunSpec, departed: Departed) {
    const fixed = run.sampleEveryNs > 0 ? run.sampleEveryNs : niceInterval(run.durationNs / TARGET_SAMPLES);
    this.isAdaptive = !Number.isFinite(fixed);
    this.intervalNs = this.isAdaptive ? 1_000_000 : fixed;
    this.factor = 2;
    this.bench = bench;
    this.memory = bench.memory === null ? null : new MemoryProbe(bench.memory);
    this.memoryRows = this.memory === null ? [] : [this.memory.read(0)];
    this.departed = departed;
    this.times = [0];
    this.levels = [this.read(0)];
  }

  nextNs(): Nanos {
    return this.times.length * this.intervalNs;
  }

  take(): void {
    const nowNs = this.nextNs();
    this.times.push(nowNs);
    this.levels.push(this.read(nowNs));
    if (this.memory !== null) this.memoryRows.push(this.memory.read(nowNs));
    if (this.isAdaptive && this.times.length > MOST_SAMPLES) this.thin();
  }

  /** The samples so far: levels as read, integrals and counts as averages over the interval that ends at the sample. */
  series(): TimeSeries {
    const { gauges } = this.bench;
    const seconds = this.intervalNs / 1e9;
    const signals: Signal[] = gauges.map((gauge, g) =>
      gauge.kind === 'level'
        ? { name: gauge.name, values: this.column(g, (now) => now) }
        : {
            name: gauge.name,
            values: this.column(g, (now, before) => (now - before) / this.intervalNs / gauge.capacity),
          },
    );
    const rate = (now: number, before: number): number => (now - before) / seconds;
    if (!gauges.some((gauge) => gauge.name === 'in_system_count')) {
      signals.push({ name: 'in_system_count', values: this.column(gauges.length, (now) => now) });
    }
    signals.push({ name: 'arrivals_per_s', values: this.column(gauges.length + 1, rate) });
    signals.push({ name: 'departures_per_s', values: this.column(gauges.length + 2, rate) });
    signals.push({ name: 'latency_ms', values: this.meanLatencies(gauges.length + 2) });
    return { intervalNs: this.intervalNs, timesNs: Float64Array.from(this.times.slice(1)), signals };
  }

  /** Memory at the samples, the start of the run included; null without a memory model. */
  memorySeries(): MemorySeries | null {
    return this.memory?.series(this.times, this.memoryRows) ?? null;
  }

  private column(which: number, value: (now: number, before: number) => number): Float64Array {
    const column = new Float64Array(this.times.length - 1);
    for (let k = 1; k < this.times.length; k++) {
      column[k - 1] = value(this.levels[k]![which]!, this.levels[k - 1]![which]!);
    }
    return column;
  }

  /** Of those who left since the sample before; NaN if nobody did. */
  private meanLatencies(departures: number): Float64Array {
    const left = this.column(departures, (now, before) => now - before);
    const sojournNs = this.column(departures + 1, (now, before) => now - before);
    return sojournNs.map((sum, k) => sum / left[k]! / 1e6);
  }

  private read(nowNs: Nanos): number[] {
    const values = this.bench.gauges.map((gauge) => gauge.read(nowNs));
    values.push(this.bench.inSystem(), this.bench.arrivals(), this.departed.departures, this.departed.sojournSumNs);
    return values;
  }

  private thin(): void {
    const { factor } = this;
    this.times = this.times.filter((_, k) => k % factor === 0);
    this.levels = this.levels.filter((_, k) => k % factor === 0);
    this.memoryRows = this.memoryRows.filter((_, k) => k % factor === 0);
    this.intervalNs *= factor;
    this.factor = factor === 2 ? 5 : 2;
  }
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `ns`, and not below 1 us. */
function niceInterval(ns: Nanos): Nanos {
  if (!Number.isFinite(ns)) return Number.POSITIVE_INFINITY;
  for (let decade = 1_000; ; decade *= 10) {
    for (const step of [1, 2, 5]) if (decade * step >= ns) return decade * step;
  }
}
