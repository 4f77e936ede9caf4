import type { Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread, ThreadOwner, Threads } from '../../entities/thread.js';
import { type Gauge, PARTS, Part } from '../../observations.js';
import { type Door, NO_DOOR } from '../../processes/host-control.js';
import { type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import { JobQueues } from '../../reception/job-queues.js';
import { createRuntime, type Runtime } from '../../runtimes/runtime.js';
import { createRunner } from '../../workers/create-runner.js';
import type { RequestRunner, RunnerListener } from '../../workers/request-runner.js';
import { BARE_SCRIPT, type ServerScript } from '../../workers/script.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import { queueProblems, queuesOfClasses } from '../common/job-queue-params.js';
import type { Server, ServerType, Site } from '../server.js';
import { RESQUE_COSTS, type ResqueWork, resqueWork } from './costs.js';
import { BARE_WORKER_BYTES, type ResqueParams, resqueParams } from './params.js';
import { PollTimes } from './poll-times.js';

const Stage = { Asleep: 0, Reserving: 1, Performing: 2, Exiting: 3, Closed: 4 } as const;

/** When the workers are started if the load is a backlog: its jobs, which come at time 0, are in the queue [ns]. */
const FULL_QUEUE_NS: Nanos = 1;

/** Round trips to Redis before a job (LPOP, `working_on`) and after it (`done_working`). */
const TRIPS_BEFORE = 2;
const TRIPS_AFTER = 1;

/** What is known of a worker. */
class Worker {
  stage: number;
  /** The job that LPOP gave it. */
  job: RequestId;
  /** The last job ran so long that the caches hold its code and data. */
  isCold: boolean;

  /**
   * @param pollTimer wakes it when its interval is over
   * @param answerTimer goes off when Redis has answered
   */
  constructor(
    readonly thread: Thread,
    readonly pollTimer: Timer,
    readonly answerTimer: Timer,
  ) {
    this.stage = Stage.Asleep;
    this.job = NOBODY;
    this.isCold = false;
  }
}

/**
 * Resque: workers with one thread each that poll queues in Redis and fork a child for every job, for which they wait.
 *
 * ```
 *            interval is over
 * asleep -----------------------> reserving (LPOP) -- a job --> performing: fork, job in the child
 *   ^                              |    ^                          |
 *   +--------- nothing there ------+    +---- exiting: waitpid ----+
 * ```
 * Parent and child never run at the same time, so they are one thread here. A worker that finds nothing sleeps for the
 * interval, however soon the next job comes. At the start the workers look at times of their own, spread over an
 * interval; where the load is a backlog they are started on the full queue.
 *
 * A worker that is asked to end (QUIT) does so after the job that it has. One that is killed takes its child with it, and the
 * job is lost: what prunes dead workers puts it among the failed ones. The start of a worker was not measured with Resque and takes
 * the time of a fork of Unicorn.
 *
 * Known to be wrong: with garbage collection on, the heap of a child goes on where that of the last child ended; in
 * truth every child begins with a copy of the parent's.
 * @see resque/resque v3.0 lib/resque/worker.rb work, perform_with_fork
 */
class Resque implements Server, RunnerListener, ThreadOwner, Premises {
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly runtime: Runtime;
  private readonly work: ResqueWork;
  private readonly warmRunner: RequestRunner;
  private readonly coldRunner: RequestRunner;
  private readonly queues: JobQueues;
  private readonly order: readonly number[];
  private readonly polls: PollTimes;
  private readonly workers: readonly Worker[];
  private readonly life: ProcessLife;

  constructor(
    params: ResqueParams,
    private readonly site: Site,
  ) {
    const { kernel, app, requests } = site;
    const { queues, queueOf } = params;
    this.processNames = Array.from({ length: params.workers }, (_, w) => `worker-${w}`);
    this.runtime = createRuntime(
      site,
      this.processNames.map(() => ['main']),
    );
    this.threads = this.runtime.threads;
    this.queues = new JobQueues(requests, queuesOfClasses(app.classes, queues, queueOf), queues.length);
    this.order = queues.map((_, k) => k);
    this.polls = new PollTimes(params.intervalNs, firstPolls(params, site));
    this.work = resqueWork(params, site);
    const [warm, cold] = this.work.forkNs;
    this.warmRunner = createRunner(site, this.runtime, forkScript(warm), this);
    this.coldRunner = createRunner(site, this.runtime, forkScript(cold), this);
    const POLL = kernel.define('resque.poll', Rank.Timer, (w: number) => this.poll(this.workers[w]!));
    const ANSWER = kernel.define('resque.redis-answers', Rank.Grant, (w: number) =>
      this.redisAnswers(this.workers[w]!),
    );
    this.workers = this.threads.map(([main], w) => new Worker(main!, kernel.timer(POLL, w), kernel.timer(ANSWER, w)));
    const forkNs = site.overheads ? FORKING_COSTS.respawnNs : 0;
    this.life = new ProcessLife(site, this.runtime, { forkNs, loadNs: params.bootTimeNs, masterLoadNs: 0 }, this);
    this.runtime.memory?.limits.attach(this.life);
    const performing = (): number => this.workers.filter(({ stage }) => stage === Stage.Performing).length;
    this.gauges = [
      { name: 'backlog_count', kind: 'level', capacity: 1, read: () => this.queues.size },
      { name: 'busy_threads_count', kind: 'level', capacity: 1, read: performing },
      ...this.runtime.gauges,
    ];
  }

  readonly door: Door = NO_DOOR;

  get processes(): Processes {
    return this.life;
  }

  /** It looks for a job at once. */
  opens(process: ProcessId): void {
    this.workers[process]!.isCold = false;
    this.reserve(this.workers[process]!);
  }

  closes(process: ProcessId): void {
    const worker = this.workers[process]!;
    if (worker.stage !== Stage.Asleep) return;
    this.site.kernel.disarm(worker.pollTimer);
    worker.stage = Stage.Closed;
  }

  isEmpty(process: ProcessId): boolean {
    return this.workers[process]!.stage === Stage.Closed;
  }

  vanishes(process: ProcessId): void {
    const worker = this.workers[process]!;
    const { kernel, requests, clients } = this.site;
    kernel.disarm(worker.pollTimer);
    kernel.disarm(worker.answerTimer);
    const reserved = worker.stage === Stage.Reserving ? worker.job : NOBODY;
    if (reserved !== NOBODY) requests.lost(reserved, process);
    const lost = worker.stage === Stage.Performing ? this.warmRunner.kill(worker.thread) : reserved;
    worker.stage = Stage.Closed;
    worker.job = NOBODY;
    if (lost !== NOBODY) clients.departed(lost);
  }

  /** A job is enqueued. */
  connect(job: RequestId): void {
    this.queues.push(job);
    for (const worker of this.workers) this.pollsAgain(worker);
  }

  executed(thread: Thread): void {
    const worker = this.workers[thread.process]!;
    const isReserving = worker.stage === Stage.Reserving;
    if (isReserving) worker.job = this.queues.pop(this.order);
    this.runtime.execution.block(thread, Part.Queue);
    const { kernel } = this.site;
    const trips = isReserving ? TRIPS_BEFORE : TRIPS_AFTER;
    kernel.arm(worker.answerTimer, kernel.nowNs() + trips * this.work.roundTripNs);
  }

  answered(job: RequestId): void {
    const { requests, clients } = this.site;
    const worker = this.workers[requests.process[job]!]!;
    const ranNs = requests.partsNs[job * PARTS + Part.Run]! - this.work.forkNs[worker.isCold ? 1 : 0];
    worker.isCold = ranNs > RESQUE_COSTS.coldAfterNs;
    clients.departed(job);
  }

  finished(thread: Thread): void {
    const worker = this.workers[thread.process]!;
    worker.stage = Stage.Exiting;
    thread.owner = this;
    const [warm, cold] = this.work.exitNs;
    this.runtime.execution.run(thread, worker.isCold ? cold : warm);
  }

  private redisAnswers(worker: Worker): void {
    if (worker.stage === Stage.Exiting) this.next(worker);
    else if (worker.job !== NOBODY) this.perform(worker);
    else this.sleep(worker);
  }

  private next(worker: Worker): void {
    if (this.life.isDraining(worker.thread.process)) this.close(worker);
    else this.reserve(worker);
  }

  private close(worker: Worker): void {
    worker.stage = Stage.Closed;
    this.life.emptied(worker.thread.process);
  }

  private reserve(worker: Worker): void {
    worker.job = NOBODY;
    worker.stage = Stage.Reserving;
    worker.thread.owner = this;
    this.runtime.execution.run(worker.thread, this.work.reserveNs);
  }

  private perform(worker: Worker): void {
    const runner = worker.isCold ? this.coldRunner : this.warmRunner;
    worker.stage = Stage.Performing;
    worker.thread.owner = runner;
    runner.serve(worker.thread, worker.job);
  }

  private sleep(worker: Worker): void {
    if (this.life.isDraining(worker.thread.process)) {
      this.close(worker);
      return;
    }
    worker.stage = Stage.Asleep;
    this.polls.looked(worker.thread.process, this.site.kernel.nowNs());
    this.pollsAgain(worker);
  }

  /** A worker that sleeps looks again when its interval is over, which matters only while there are jobs. */
  private pollsAgain({ stage, thread, pollTimer }: Worker): void {
    const { kernel } = this.site;
    if (stage !== Stage.Asleep || this.queues.size === 0 || kernel.isArmed(pollTimer)) return;
    kernel.arm(pollTimer, this.polls.next(thread.process, kernel.nowNs()));
  }

  private poll(worker: Worker): void {
    if (this.queues.size > 0) this.reserve(worker);
    else this.polls.looked(worker.thread.process, this.site.kernel.nowNs());
  }
}

function forkScript(ns: Nanos): ServerScript {
  return ns === 0 ? BARE_SCRIPT : { before: [{ step: 'ruby', ns, what: 'fork' }], after: [{ step: 'answer' }] };
}

function firstPolls({ workers, intervalNs }: ResqueParams, { load, streams }: Site): Nanos[] {
  const phase = streams.open('resque/first-poll');
  return Array.from({ length: workers }, () =>
    load.kind === 'backlog' ? FULL_QUEUE_NS : Math.floor(phase.uniform() * intervalNs),
  );
}

export const resque: ServerType<ResqueParams> = {
  name: 'resque',
  languages: ['ruby'],
  canRestart: true,
  fetchesWork: true,
  params: resqueParams,
  isSingleThreaded: true,
  slots: ({ workers }) => ({ processes: workers, threads: 1 }),
  check: ({ queues, queueOf }, { app }) => queueProblems(app.classes, queues, queueOf),
  withoutEffect: ({ forkPerJob, memoryBytes }) =>
    forkPerJob || memoryBytes === BARE_WORKER_BYTES
      ? []
      : [{ path: ['memory'], message: 'makes forks dearer, and with fork_per_job: false there are none' }],
  assemble: (params, site) => new Resque(params, site),
};
