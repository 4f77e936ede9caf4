/**
 * A server as docs/extending.md builds it, outside of src/: one queue for all processes, of which a free thread takes
 * the youngest request.
 */
import {
  BARE_SCRIPT,
  count,
  createRunner,
  createRuntime,
  type Gauge,
  Part,
  preset,
  type RequestId,
  type RequestRunner,
  type RunnerListener,
  type Runtime,
  record,
  type Schema,
  type Server,
  type ServerType,
  type Site,
  type Thread,
  type Threads,
} from '../../src/extend.js';

interface LastComeFirstParams {
  readonly processes: number;
  readonly threads: number;
}

const params: Schema<LastComeFirstParams> = record(
  'One queue for all processes; the youngest request is served first.',
  {
    processes: preset(count({ doc: 'Processes, each with a GVL of its own.', min: 1, max: 64 }), 1),
    threads: preset(count({ doc: 'Threads of each process.', min: 1, max: 64 }), 1),
  },
);

class LastComeFirst implements Server, RunnerListener {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly free: Thread[];
  private readonly waiting: RequestId[];

  constructor(
    { processes, threads }: LastComeFirstParams,
    private readonly site: Site,
  ) {
    const names = Array.from({ length: threads }, (_, k) => `thread-${k}`);
    this.processNames = Array.from({ length: processes }, (_, p) => `process-${p}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => names),
    );
    this.threads = this.runtime.threads;
    this.runner = createRunner(site, this.runtime, BARE_SCRIPT, this);
    this.free = this.threads.flat();
    for (const thread of this.free) thread.owner = this.runner;
    this.waiting = [];
    this.gauges = [
      { name: 'queue_count', kind: 'level', capacity: 1, read: () => this.waiting.length },
      ...this.runtime.gauges,
    ];
  }

  connect(request: RequestId): void {
    this.site.requests.accepted(request);
    const thread = this.free.shift();
    if (thread === undefined) this.waiting.push(request);
    else this.runner.serve(thread, request);
  }

  answered(request: RequestId): void {
    this.site.clients.departed(request);
  }

  finished(thread: Thread): void {
    this.runtime.execution.block(thread, Part.Queue);
    const request = this.waiting.pop();
    if (request === undefined) this.free.push(thread);
    else this.runner.serve(thread, request);
  }
}

export const lastComeFirst: ServerType<LastComeFirstParams> = {
  name: 'last_come_first',
  languages: ['ruby', 'python'],
  params,
  slots: ({ processes, threads }) => ({ processes, threads }),
  assemble: (settings, site) => new LastComeFirst(settings, site),
};
