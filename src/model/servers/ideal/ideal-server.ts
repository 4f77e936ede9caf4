import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread, Threads } from '../../entities/thread.js';
import { type Gauge, Part } from '../../observations.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT } from '../../workers/script.js';
import type { Server, Site } from '../server.js';
import type { IdealParams } from './params.js';
import { ProcessesByLoad } from './processes-by-load.js';

/**
 * The yardstick: one queue for all processes, first come first served; a free thread of the process with the fewest
 * busy threads takes the head at once. No accept rules, no overheads; the GVL, the cores and GC as everywhere. Ractors
 * count as processes that have a heap in common.
 * ```
 * comes -- a thread is free: of the process with the fewest busy ones --> served --> answered
 *   +-- none: queue -- a thread has done with its request, the head --> served
 * ```
 */
export class IdealServer implements Server, RunnerListener {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  protected readonly runtime: Runtime;
  protected readonly runner: RequestRunner;
  protected readonly queue: Fifo;
  protected readonly load: ProcessesByLoad;
  /** Free threads of each process, a stack. */
  protected readonly free: Thread[][];
  protected busy: number;

  constructor(
    params: IdealParams,
    protected readonly site: Site,
  ) {
    const { ractors, threads } = params;
    const processes = params.processes * ractors;
    const names = Array.from({ length: threads }, (_, k) => `thread-${k}`);
    this.processNames = Array.from({ length: processes }, (_, p) =>
      ractors === 1 ? `process-${p}` : `process-${Math.floor(p / ractors)}/ractor-${p % ractors}`,
    );
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => names),
      undefined,
      ractors > 1 && site.runtime.gvl === 'fifo-ticks' ? 'mn-threads' : undefined,
      undefined,
      ractors,
    );
    this.threads = this.runtime.threads;
    this.queue = new Fifo();
    this.load = new ProcessesByLoad(processes, threads);
    this.free = this.threads.map((ofProcess) => [...ofProcess]);
    this.busy = 0;
    this.runner = createRunner(site, this.runtime, BARE_SCRIPT, this);
    for (const thread of this.threads.flat()) thread.owner = this.runner;
    this.gauges = [
      { name: 'queue_count', kind: 'level', capacity: 1, read: () => this.queue.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => this.busy },
      ...this.runtime.gauges,
    ];
  }

  connect(request: RequestId): void {
    this.site.requests.accepted(request);
    const process = this.load.leastBusy();
    if (process === NOBODY) {
      this.queue.push(request);
      return;
    }
    this.serves(process, request);
  }

  /** A free thread of the process, which has one, takes the request. */
  protected serves(process: ProcessId, request: RequestId): void {
    const thread = this.free[process]!.pop()!;
    this.load.change(process, 1);
    this.busy++;
    this.runner.serve(thread, request);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(thread: Thread): void {
    this.runtime.execution.block(thread, Part.Queue);
    const request = this.queue.shift();
    if (request !== NOBODY) {
      this.runner.serve(thread, request);
      return;
    }
    this.free[thread.process]!.push(thread);
    this.load.change(thread.process, -1);
    this.busy--;
  }
}
