import type { Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../../entities/thread.js';
import { type Gauge, PARTS, Part, Status } from '../../observations.js';
import { type Door, NO_DOOR } from '../../processes/host-control.js';
import { type BootTimes, type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import { JobQueues } from '../../reception/job-queues.js';
import { setPriority } from '../../runtimes/gvl/gvl.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import { queueProblems, queuesOfClasses } from '../common/job-queue-params.js';
import type { Server, ServerType, Site } from '../server.js';
import { SIDEKIQ_COSTS } from './costs.js';
import { Fetches } from './fetches.js';
import { capsuleProblems, type SidekiqParams, sidekiqParams, threadsOf, withVersionDefaults } from './params.js';
import { QueueOrder } from './queue-order.js';
import { UnfinishedJobs } from './unfinished-jobs.js';

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
 * **Ends.** A quiet process (TSTP) fetches nothing more. So does one that is asked to end (TERM), which goes when its jobs are
 * done, or pushes them back to Redis after `timeout`; see `UnfinishedJobs`. A job that was on its way to it goes back at once.
 *
 * Left out: BRPOP gives up after 2 s and is sent again (a thread that is blocked moves to the end of the line, and an idle
 * process takes up to 2 s to end), retries, scheduled jobs, heartbeats.
 * @see sidekiq/sidekiq v8.1 lib/sidekiq/processor.rb, lib/sidekiq/fetch.rb
 */
class Sidekiq implements Server, RunnerListener, ThreadOwner, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly runner: RequestRunner;
  private readonly fetches: Fetches;
  /** Whether a thread works on a job, by thread number. */
  private readonly isPerforming: Uint8Array;
  /** Whether the last job of a thread has run long enough to leave the caches cold, by thread number. */
  private readonly isCold: Uint8Array;
  private readonly fetchNs: Nanos;
  private readonly coldNs: Nanos;
  private busy: number;
  private readonly life: ProcessLife;
  private readonly unfinished: UnfinishedJobs;
  private readonly timeoutNs: Nanos;
  private readonly isQuiet: Uint8Array;
  private readonly shutdownTimers: readonly Timer[];
  /** The process that ends because its time is over; NOBODY: whoever ends now was killed. */
  private shutting: ProcessId;

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
    const queues = new JobQueues(site.requests, queuesOfClasses(app.classes, names, params.queueOf), names.length);
    const stream = streams.open('sidekiq/queue-order');
    const orders = params.capsules.flatMap((capsule) => {
      const order = new QueueOrder(capsule.queues, (name) => names.indexOf(name), stream);
      return Array.from({ length: threadsOf(params, capsule) }, () => order);
    });
    const all = this.threads.flat();
    for (const thread of all) setPriority(thread, params.threadPriority);
    this.isPerforming = new Uint8Array(all.length);
    this.isCold = new Uint8Array(all.length);
    this.fetchNs = overheads ? SIDEKIQ_COSTS.fetchNs : 0;
    this.coldNs = overheads ? SIDEKIQ_COSTS.coldNs : 0;
    this.busy = 0;
    this.runner = createRunner(site, this.runtime, overheads ? SCRIPT : BARE_SCRIPT, this);
    const orderOf = this.threads.flatMap(() => orders);
    const roundTripNs = overheads ? params.redisRoundTripNs : 0;
    const times = { roundTripNs, handOverNs: Math.ceil(roundTripNs / 2) };
    this.fetches = new Fetches(kernel, queues, orderOf, all, times, (thread, job) => this.arrives(thread, job));
    this.unfinished = new UnfinishedJobs(kernel, site.requests, params.recoverAfterNs, {
      comesBack: (job) => this.fetches.putBack(job),
      isLost: (job) => this.isLost(job),
    });
    this.timeoutNs = params.timeoutNs;
    this.isQuiet = new Uint8Array(params.processes);
    const SHUTDOWN = kernel.define('sidekiq.hard-shutdown', Rank.Timer, (process: ProcessId) => this.shutDown(process));
    this.shutdownTimers = this.threads.map((_, process) => kernel.timer(SHUTDOWN, process));
    this.shutting = NOBODY;
    this.life = new ProcessLife(site, this.runtime, bootOf(params, overheads), this);
    this.runtime.memory?.limits.attach(this.life);
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => queues.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: () => this.busy },
      ...(site.isOperated ? this.unfinished.gauges : []),
      ...this.runtime.gauges,
    ];
  }

  readonly door: Door = NO_DOOR;

  get processes(): Processes {
    return this.life;
  }

  /** Its threads begin to fetch. */
  opens(process: ProcessId): void {
    this.isQuiet[process] = 0;
    for (const thread of this.threads[process]!) {
      thread.owner = this;
      this.runtime.execution.run(thread, this.fetchNs);
    }
  }

  quiets(process: ProcessId): void {
    this.isQuiet[process] = 1;
    this.stopsFetching(process);
  }

  closes(process: ProcessId): void {
    const { kernel } = this.site;
    this.stopsFetching(process);
    kernel.arm(this.shutdownTimers[process]!, kernel.nowNs() + this.timeoutNs);
  }

  isEmpty(process: ProcessId): boolean {
    return !this.threads[process]!.some(({ id }) => this.isPerforming[id] === 1);
  }

  vanishes(process: ProcessId): void {
    const { kernel } = this.site;
    kernel.disarm(this.shutdownTimers[process]!);
    const jobs: RequestId[] = [];
    for (const thread of this.threads[process]!) {
      jobs.push(this.fetches.recall(thread));
      if (this.isPerforming[thread.id] === 0) continue;
      this.isPerforming[thread.id] = 0;
      this.busy--;
      jobs.push(this.runner.kill(thread));
      thread.owner = this;
    }
    this.fetches.unblock(process);
    for (const job of jobs) {
      if (job === NOBODY) continue;
      if (process === this.shutting) this.unfinished.pushedBack(job);
      else this.unfinished.abandoned(job);
    }
  }

  /** A job is enqueued. */
  connect(job: RequestId): void {
    this.fetches.push(job);
  }

  /** The thread is about to send BRPOP. */
  executed(thread: Thread): void {
    if (this.fetchesNoMore(thread.process)) {
      this.runtime.execution.block(thread, Part.Queue);
      return;
    }
    const job = this.fetches.find(thread);
    this.runtime.execution.block(thread, Part.Queue);
    this.fetches.waitFor(thread, job);
  }

  answered(job: RequestId): void {
    const { requests, clients } = this.site;
    const ranNs = requests.partsNs[job * PARTS + Part.Run]!;
    this.isCold[requests.thread[job]!] = ranNs > SIDEKIQ_COSTS.coldAfterNs ? 1 : 0;
    clients.departed(job);
  }

  finished(thread: Thread): void {
    this.busy--;
    this.isPerforming[thread.id] = 0;
    thread.owner = this;
    if (this.fetchesNoMore(thread.process)) {
      this.runtime.execution.block(thread, Part.Queue);
      this.life.emptied(thread.process);
      return;
    }
    this.runtime.execution.run(thread, this.fetchNs + this.isCold[thread.id]! * this.coldNs);
  }

  private arrives(thread: Thread, job: RequestId): void {
    this.busy++;
    this.isPerforming[thread.id] = 1;
    thread.owner = this.runner;
    this.runner.serve(thread, job);
  }

  private fetchesNoMore(process: ProcessId): boolean {
    return this.isQuiet[process] === 1 || this.life.isDraining(process);
  }

  /** Jobs that are on their way to the process go back; those that have been begun go on. */
  private stopsFetching(process: ProcessId): void {
    this.fetches.unblock(process);
    for (const thread of this.threads[process]!) {
      const job = this.fetches.recall(thread);
      if (job !== NOBODY) this.fetches.putBack(job);
    }
  }

  /** The time of a process that was asked to end is over. */
  private shutDown(process: ProcessId): void {
    this.shutting = process;
    this.life.kill(process);
    this.shutting = NOBODY;
  }

  private isLost(job: RequestId): void {
    const { requests, clients } = this.site;
    if (requests.status[job] !== Status.Killed) requests.lost(job, NOBODY);
    clients.departed(job);
  }
}

/** The start of a process was not measured with Sidekiq and takes the time of a fork of Unicorn. */
function bootOf({ processes, preloadApp, bootTimeNs }: SidekiqParams, overheads: boolean): BootTimes {
  const isForkedLoaded = processes > 1 && preloadApp;
  return {
    forkNs: overheads ? FORKING_COSTS.respawnNs : 0,
    loadNs: isForkedLoaded ? 0 : bootTimeNs,
    masterLoadNs: isForkedLoaded ? bootTimeNs : 0,
  };
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
  canRestart: true,
  fetchesWork: true,
  canBeQuiet: true,
  params: sidekiqParams,
  slots: (params) => ({
    processes: params.processes,
    threads: params.capsules.reduce((sum, capsule) => sum + threadsOf(params, capsule), 0),
  }),
  resolve: withVersionDefaults,
  check: (params, { app }) => [
    ...capsuleProblems(params),
    ...queueProblems(app.classes, queueNames(params), params.queueOf),
  ],
  assemble: (params, site) => new Sidekiq(params, site),
};
