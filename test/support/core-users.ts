/** Threads that want CPU time, on bare cores: no lock, no server. */
import { Kernel } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';
import type { Nanos } from '../../src/kernel/time.js';
import type { Cpu, CpuListener } from '../../src/model/cpu/cpu.js';
import { RequestTable } from '../../src/model/entities/requests.js';
import { createThreads, type Thread, type Threads } from '../../src/model/entities/thread.js';

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

export type CpuFactory = (kernel: Kernel, threads: Threads, listener: CpuListener) => Cpu;

export function runOnCores(createCpu: CpuFactory, users: readonly CoreUser[]): CoreRun {
  const kernel = new Kernel();
  const ends: Nanos[][] = users.map(() => []);
  const left: Nanos[] = users.map(() => 0);
  const names = users.map((_, k) => `user-${k}`);
  const threads = createThreads(kernel, new RequestTable(kernel, 1), [names]);
  const cpu = createCpu(kernel, threads, {
    worked: (thread) => {
      ends[thread.id]!.push(kernel.nowNs());
      next(thread);
    },
    onCore: () => {},
  });
  const next = (thread: Thread): void => {
    const work = users[thread.id]!.work[ends[thread.id]!.length];
    if (work === undefined) return;
    thread.workNs = work;
    cpu.start(thread);
  };
  const START = kernel.define('test.start', Rank.Arrival, next);
  const STOP = kernel.define('test.stop', Rank.Timer, (thread: Thread) => {
    if (ends[thread.id]!.length < users[thread.id]!.work.length) left[thread.id] = cpu.stop(thread);
  });
  users.forEach(({ atNs, stopNs }, index) => {
    const thread = threads[0]![index]!;
    kernel.arm(kernel.timer(START, thread), atNs);
    if (stopNs !== undefined) kernel.arm(kernel.timer(STOP, thread), stopNs);
  });
  kernel.runUntil(Number.POSITIVE_INFINITY);
  return { ends, left, busyNs: cpu.busyIntegral(kernel.nowNs()) };
}
