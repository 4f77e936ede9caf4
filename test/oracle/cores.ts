import type { Nanos } from '../../src/kernel/time.js';
import { type Alarm, type Clock, Condition, type Process } from './processes.js';

/** Work of a thread on the cores. `mustStop` is asked whenever the job is poked while it runs. */
export class Job {
  isPoked = false;

  constructor(
    public left: number,
    readonly mustStop: () => boolean,
    public end: (left: Nanos) => void,
  ) {}
}

export interface Cores {
  /** Runs the work. Returns what is left of it: more than nothing if it was stopped at a check point. */
  work(workNs: Nanos, mustStop: () => boolean, started: (job: Job) => void): Process<Nanos>;
  poke(job: Job): void;
}

/** Each core is a process that takes the next job for one slice, again and again while no other waits. */
export class SlicedCores implements Cores {
  private readonly cores: Core[] = [];
  private readonly queue: Job[] = [];
  private readonly idle: Core[] = [];
  private finishing: Core | null = null;

  constructor(
    private readonly clock: Clock,
    count: number,
    private readonly sliceNs: Nanos,
  ) {
    for (let k = 0; k < count; k++) clock.start(this.core(new Core(clock)));
  }

  *work(workNs: Nanos, mustStop: () => boolean, started: (job: Job) => void): Process<Nanos> {
    const left: Nanos = yield (resume) => {
      const job = new Job(workNs, mustStop, resume as unknown as (left: Nanos) => void);
      started(job);
      // The thread whose work has just ended goes on with more: it keeps its core. Anybody else has another `end`.
      if (this.finishing?.owner === job.end) {
        this.finishing.next = job;
        return;
      }
      this.queue.push(job);
      this.idle.shift()?.hasWork.signal();
    };
    return left;
  }

  poke(job: Job): void {
    job.isPoked = true;
    for (const core of this.cores) if (core.job === job) core.interrupt?.();
  }

  private *core(core: Core): Process {
    this.cores.push(core);
    for (;;) {
      while (this.queue.length === 0) {
        this.idle.push(core);
        yield* core.hasWork.wait();
      }
      core.job = this.queue.shift()!;
      yield* this.turn(core);
      core.job = null;
    }
  }

  /** From getting a core to losing it. */
  private *turn(core: Core): Process {
    let sliceEndNs = this.clock.nowNs + this.sliceNs;
    for (;;) {
      const job = core.job!;
      if (job.isPoked) {
        job.isPoked = false;
        if (job.mustStop()) {
          core.job = null;
          job.end(job.left);
          return;
        }
      }
      const startNs = this.clock.nowNs;
      yield* core.run(Math.min(job.left, sliceEndNs - startNs));
      job.left -= this.clock.nowNs - startNs;
      if (job.left === 0) {
        this.tell(core, job);
        if (core.next === null) return;
        core.job = core.next;
        core.next = null;
      }
      if (this.clock.nowNs === sliceEndNs) {
        if (this.queue.length > 0) {
          this.queue.push(core.job!);
          return;
        }
        sliceEndNs += this.sliceNs;
      }
    }
  }

  private tell(core: Core, job: Job): void {
    this.finishing = core;
    core.owner = job.end;
    job.end(0);
    this.finishing = null;
  }
}

class Core {
  job: Job | null = null;
  /** More work of the thread that has just finished some. */
  next: Job | null = null;
  owner: ((left: Nanos) => void) | null = null;
  interrupt: (() => void) | null = null;
  readonly hasWork: Condition;

  constructor(private readonly clock: Clock) {
    this.hasWork = new Condition(clock, 0);
  }

  *run(ns: Nanos): Process {
    yield (resume) => {
      const alarm = this.clock.at(this.clock.nowNs + ns, () => {
        this.interrupt = null;
        resume();
      });
      this.interrupt = () => {
        this.interrupt = null;
        this.clock.cancel(alarm);
        resume();
      };
    };
  }
}

/** Shares are exact: work is counted in units of 1 / 27720 ns, which 1 to 12 jobs divide evenly. */
const UNITS = 27_720;

/** All jobs advance together at the rate min(1, cores / jobs); a job is done at the first whole ns that sees no work left. */
export class SharedCores implements Cores {
  private jobs: Job[] = [];
  private sinceNs: Nanos = 0;
  private alarm: Alarm | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly count: number,
  ) {}

  *work(workNs: Nanos, mustStop: () => boolean, started: (job: Job) => void): Process<Nanos> {
    const left: Nanos = yield (resume) => {
      const job = new Job(workNs * UNITS, mustStop, resume as unknown as (left: Nanos) => void);
      started(job);
      this.change(() => this.jobs.push(job));
    };
    return left;
  }

  poke(job: Job): void {
    if (!this.jobs.includes(job) || !job.mustStop()) return;
    this.change(() => {
      this.jobs = this.jobs.filter((other) => other !== job);
    });
    job.end(Math.max(0, Math.ceil(job.left / UNITS)));
  }

  private get unitsPerNs(): number {
    return this.jobs.length <= this.count ? UNITS : (UNITS * this.count) / this.jobs.length;
  }

  private change(what: () => void): void {
    const passedNs = this.clock.nowNs - this.sinceNs;
    for (const job of this.jobs) job.left -= passedNs * this.unitsPerNs;
    this.sinceNs = this.clock.nowNs;
    what();
    if (this.alarm !== null) this.clock.cancel(this.alarm);
    this.alarm = null;
    if (this.jobs.length === 0) return;
    const least = Math.max(0, Math.min(...this.jobs.map(({ left }) => left)));
    this.alarm = this.clock.at(this.clock.nowNs + Math.ceil(least / this.unitsPerNs), () => this.finish());
  }

  private finish(): void {
    let done: Job[] = [];
    this.change(() => {
      done = this.jobs.filter(({ left }) => left <= 0);
      this.jobs = this.jobs.filter(({ left }) => left > 0);
    });
    for (const job of done) job.end(0);
  }
}
