import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';

/** A level that changes in steps (busy threads, requests in the system) and its time-integral. */
export class Level {
  value: number;
  private area: number;
  private sinceNs: Nanos;

  constructor(private readonly kernel: Kernel) {
    this.value = 0;
    this.area = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.area = 0;
    this.sinceNs = Number.NaN;
    this.sinceNs = 0;
  }

  add(change: number): void {
    const nowNs = this.kernel.nowNs();
    this.area += this.value * (nowNs - this.sinceNs);
    this.sinceNs = nowNs;
    this.value += change;
  }

  /** Integral from 0 to now [ns x level]; a whole number. */
  integral(nowNs: Nanos): number {
    return this.area + this.value * (nowNs - this.sinceNs);
  }
}
