import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../../entities/thread.js';
import { type Gauge, PARTS, Part } from '../../observations.js';
import { JobQueues } from '../../reception/job-queues.js';
import { setPriority } from '../../runtimes/gvl/gvl.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';
import { queueProblems, queuesOfClasses } from '../job-queue-params.js';
import type { Server, ServerType, Site } from '../server.js';
import { SIDEKIQ_COSTS } from './costs.js';
import { type SidekiqParams, sidekiqParams, threadsOf, withVersionDefaults } from './params.js';
import { QueueOrder } from './queue-order.js';

const SCRIPT: ServerScript = {
  before: [{ step: 'ruby', ns: SIDEKIQ_COSTS.processNs, what: 'parse, middleware, new' }],
  after: [{ step: 'answer' }],
};

/**
 * Sidekiq: processes with threads that take jobs from queues in Redis, one at a time, nothing in advance.
 *
 * A thread without a job sends BRPOP over a connection of its own, with the GVL released. Redis answers with the first
 * job of the first queue that has one; if none has, the thread stays blocked, and the next job goes to the thread that
 * has been blocked for longest, of whatever process: no work waits while a thread is free. A thread is handed its job
 * even while its process is busy; the job then waits for the GVL, where no one who looks at the queue sees it.
 *
 * ```
 * fetching (GVL) -- BRPOP --> answered after a round trip --> waits for the GVL --> performing --> fetching …
 *                    |                                ^
 *                    +-- queues empty --> blocked ----+ a job comes
 * ```
 * Left out: BRPOP gives up after 2 s and is sent again (a thread that is blocked moves to the end of the line), retries,
 * scheduled jobs, heartbeats.
 * @see sidekiq/sidekiq v8.1 lib/sidekiq/processor.rb, lib/sidekiq/fetch.rb
 */
class Sidekiq implements Server, RunnerListener, ThreadOwner {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly queues: JobQueues;
  /** By thread number. */
  private readonly orderOf: readonly QueueOrder[];
  /** Blocked in BRPOP, the longest first. */
  private readonly blocked: Thread[];
  /** The job that is on its way to a thread, by thread number. */
  private readonly onTheWay: Int32Array;
  /** Whether the last job of a thread has run long enough to leave the caches cold, by thread number. */
  private readonly isCold: Uint8Array;
  private readonly roundTripNs: Nanos;
  private readonly handOverNs: Nanos;
  private readonly fetchNs: Nanos;
  private readonly coldNs: Nanos;
  private busy: number;

  constructor(
    params: SidekiqParams,
    private readonly site: Site,
  ) {
    const { kernel, overheads, streams, app } = site;
    const threadNames = params.capsules.flatMap((capsule) =>
      Array.from({ length: threadsOf(params, capsule) }, (_, k) => threadName(capsule.name, k)),
    );
    this.processNames = Array.from({ length: params.processes }, (_, p) => `sidekiq-${p}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => threadNames),
      { hasMaster: params.processes > 1, preloads: params.preloadApp },
    );
    this.threads = this.runtime.threads;
    const names = queueNames(params);
    this.queues = new JobQueues(site.requests, queuesOfClasses(app.classes, names, params.queueOf), names.length);
    const stream = streams.open('sidekiq/queue-order');
    const orders = params.capsules.flatMap((capsule) => {
      const order = new QueueOrder(capsule.queues, (name) => names.indexOf(name), stream);
      return Array.from({ length: threadsOf(params, capsule) }, () => order);
    });
    this.orderOf = this.threads.flatMap(() => orders);
    const all = this.threads.flat();
    for (const thread of all) setPriority(thread, params.threadPriority);
    this.blocked = [...all];
    this.onTheWay = new Int32Array(all.length).fill(NOBODY);
    this.isCold = new Uint8Array(all.length);
    this.roundTripNs = overheads ? params.redisRoundTripNs : 0;
    this.handOverNs = overheads ? Math.ceil(params.redisRoundTripNs / 2) : 0;
    this.fetchNs = overheads ? SIDEKIQ_COSTS.fetchNs : 0;
    this.coldNs = overheads ? SIDEKIQ_COSTS.coldNs : 0;
    this.busy = 0;
    this.runner = createRunner(site, this.runtime, overheads ? SCRIPT : BARE_SCRIPT, this);
    const ANSWER = kernel.define('sidekiq.job-arrives', Rank.Grant, (thread: Thread) => this.arrives(thread));
    for (const thread of all) thread.wakeTimer = kernel.timer(ANSWER, thread);
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.queues.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => this.busy },
      ...this.runtime.gauges,
    ];
  }

  /** A job is enqueued. */
  connect(job: RequestId): void {
    const queue = this.queues.queueOf(job);
    const waiting = this.blocked.findIndex((thread) => this.orderOf[thread.id]!.includes(queue));
    this.queues.push(job);
    if (waiting === -1) return;
    const [thread] = this.blocked.splice(waiting, 1);
    this.hand(thread!, this.queues.pop([queue]), this.handOverNs);
  }

  /** The thread is about to send BRPOP. */
  executed(thread: Thread): void {
    const job = this.queues.pop(this.orderOf[thread.id]!.next());
    this.runtime.execution.block(thread, Part.Queue);
    if (job === NOBODY) this.blocked.push(thread);
    else this.hand(thread, job, this.roundTripNs);
  }

  answered(job: RequestId): void {
    const { requests, clients } = this.site;
    const ranNs = requests.partsNs[job * PARTS + Part.Run]!;
    this.isCold[requests.thread[job]!] = ranNs > SIDEKIQ_COSTS.coldAfterNs ? 1 : 0;
    clients.departed(job);
  }

  finished(thread: Thread): void {
    this.busy--;
    thread.owner = this;
    this.runtime.execution.run(thread, this.fetchNs + this.isCold[thread.id]! * this.coldNs);
  }

  private hand(thread: Thread, job: RequestId, afterNs: Nanos): void {
    const { kernel } = this.site;
    this.onTheWay[thread.id] = job;
    kernel.arm(thread.wakeTimer, kernel.nowNs() + afterNs);
  }

  private arrives(thread: Thread): void {
    this.busy++;
    thread.owner = this.runner;
    this.runner.serve(thread, this.onTheWay[thread.id]!);
  }
}

function threadName(capsule: string, index: number): string {
  return capsule === 'default' ? `processor-${index}` : `${capsule}-${index}`;
}

/** Every queue once, in the order of the settings. */
function queueNames({ capsules }: SidekiqParams): string[] {
  return [...new Set(capsules.flatMap(({ queues }) => queues.map(({ name }) => name)))];
}

export const sidekiq: ServerType<SidekiqParams> = {
  name: 'sidekiq',
  languages: ['ruby'],
  params: sidekiqParams,
  slots: (params) => ({
    processes: params.processes,
    threads: params.capsules.reduce((sum, capsule) => sum + threadsOf(params, capsule), 0),
  }),
  resolve: withVersionDefaults,
  check: (params, { app }) => queueProblems(app.classes, queueNames(params), params.queueOf),
  assemble: (params, site) => new Sidekiq(params, site),
};
