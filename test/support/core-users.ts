/** Threads that want CPU time, on bare cores: no lock, no server. */
import { Kernel } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';
import type { Nanos } from '../../src/kernel/time.js';
import type { Cpu, CpuListener } from '../../src/model/cpu/cpu.js';

export interface CoreUser {
  readonly atNs: Nanos;
  /** Amounts of work, one after the other without a pause. */
  readonly work: readonly Nanos[];
  /** When somebody stops the thread for good. */
  readonly stopNs?: Nanos;
}

export interface CoreRun {
  /** When each piece of work of each thread was done. */
  readonly ends: readonly (readonly Nanos[])[];
  /** Work left of the threads that were stopped. */
  readonly left: readonly Nanos[];
  readonly busyNs: number;
}

export type CpuFactory = (kernel: Kernel, threads: number, listener: CpuListener) => Cpu;

export function runOnCores(createCpu: CpuFactory, users: readonly CoreUser[]): CoreRun {
  const kernel = new Kernel();
  const ends: Nanos[][] = users.map(() => []);
  const left: Nanos[] = users.map(() => 0);
  const cpu = createCpu(kernel, users.length, {
    worked: (thread) => {
      ends[thread]!.push(kernel.nowNs());
      next(thread);
    },
    onCore: () => {},
  });
  const next = (thread: number): void => {
    const work = users[thread]!.work[ends[thread]!.length];
    if (work === undefined) return;
    cpu.workNs[thread] = work;
    cpu.start(thread);
  };
  const START = kernel.define('test.start', Rank.Arrival, next);
  const STOP = kernel.define('test.stop', Rank.Timer, (thread) => {
    if (ends[thread]!.length < users[thread]!.work.length) left[thread] = cpu.stop(thread);
  });
  users.forEach(({ atNs, stopNs }, thread) => {
    kernel.arm(kernel.timer(START, thread), atNs);
    if (stopNs !== undefined) kernel.arm(kernel.timer(STOP, thread), stopNs);
  });
  kernel.runUntil(Number.POSITIVE_INFINITY);
  return { ends, left, busyNs: cpu.busyIntegral(kernel.nowNs()) };
}
