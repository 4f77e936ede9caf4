import { Fifo } from '../../entities/fifo.js';
import { NOBODY, type RequestId, type ThreadId } from '../../entities/ids.js';
import type { ThreadTable } from '../../entities/threads.js';
import { type Gauge, Part } from '../../observations.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT } from '../../workers/script.js';
import type { Server, ServerType, Site } from '../server.js';
import type { IdealParams } from './params.js';
import { ProcessesByLoad } from './processes-by-load.js';

/**
 * The yardstick: one queue for all processes, first come first served; a free thread of the process with the fewest
 * busy threads takes the head at once. No accept rules, no overheads; the GVL, the cores and GC as everywhere.
 */
class IdealServer implements Server, RunnerListener {
  readonly threads: ThreadTable;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly queue: Fifo;
  private readonly load: ProcessesByLoad;
  /** Free threads of process p, a stack: [p * threads, p * threads + freeCount[p]). */
  private readonly free: Int32Array;
  private readonly freeCount: Int32Array;
  private busy: number;

  constructor(
    private readonly params: IdealParams,
    private readonly site: Site,
  ) {
    const { processes, threads } = params;
    const names = Array.from({ length: threads }, (_, k) => `thread-${k}`);
    this.processNames = Array.from({ length: processes }, (_, p) => `process-${p}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => names),
    );
    this.threads = this.runtime.threads;
    this.queue = new Fifo();
    this.load = new ProcessesByLoad(processes, threads);
    this.free = Int32Array.from({ length: processes * threads }, (_, k) => k);
    this.freeCount = new Int32Array(processes).fill(threads);
    this.busy = 0;
    this.runner = createRunner(site, this.runtime, BARE_SCRIPT, this);
    for (let t = 0; t < this.threads.count; t++) this.runtime.execution.own(t, this.runner);
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
    const thread = this.free[process * this.params.threads + --this.freeCount[process]!]!;
    this.load.change(process, 1);
    this.busy++;
    this.runner.serve(thread, request);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(thread: ThreadId): void {
    this.runtime.execution.block(thread, Part.Queue);
    const request = this.queue.shift();
    if (request !== NOBODY) {
      this.runner.serve(thread, request);
      return;
    }
    const process = this.threads.processOf[thread]!;
    this.free[process * this.params.threads + this.freeCount[process]!++] = thread;
    this.load.change(process, -1);
    this.busy--;
  }
}

export const ideal: ServerType<IdealParams> = {
  name: 'ideal',
  assemble: (params, site) => new IdealServer(params, site),
};
