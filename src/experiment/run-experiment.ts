import { type PrecisionStatus, precisionOf } from './estimates/precision.js';
import type { ExperimentResult } from './experiment-result.js';
import { runReplication } from './replicate.js';
import type { ReplicationResult } from './result.js';
import type { ExperimentSpec, RunSpec } from './spec.js';
import { commonWarmUp, type FoundWarmUp, findWarmUp } from './warm-up/find-warm-up.js';
import { PROVISIONAL_SHARE } from './warm-up/warm-up.js';

/** One replication of one configuration. */
export interface Task {
  /** Index into `ExperimentSpec.configurations`. */
  readonly configuration: number;
  /** From 0. */
  readonly replication: number;
  /** Share of the run to cut, where it was found from earlier results; otherwise as the scenario says. */
  readonly warmUp?: number | undefined;
}

/** What an executor throws that was stopped before it began a task: the task is left out, as if nobody had asked for it. */
export class Stopped extends Error {}

/** Runs tasks: here and now, or in worker threads. The result must depend on the task alone. @throws Stopped */
export type Executor = (task: Task) => Promise<ReplicationResult>;

/** What is about to be run. */
export interface Round {
  readonly tasks: readonly Task[];
  /** The same replications once more, with a longer warm-up. */
  readonly isRepeated: boolean;
  /** What earlier rounds came to; null before the first, and without a precision to be reached. */
  readonly precision: PrecisionStatus | null;
}

export interface ExperimentOptions {
  /** @default runs in the calling thread */
  readonly execute?: Executor;
  /** Tasks under way at the same time. @default 1 */
  readonly concurrency?: number;
  /** Asked before each task; true = start no more. What is under way is finished. */
  readonly isStopped?: () => boolean;
  /** Told about each round before it starts. Most experiments have one. */
  readonly started?: (round: Round) => void;
  /** Told about each finished replication. */
  readonly finished?: (task: Task, result: ReplicationResult) => void;
}

/** The tasks of some replications, replication by replication, so that what an interrupted run leaves behind can still be compared in pairs. */
export function tasksOf(spec: ExperimentSpec, from = 0, to: number = spec.run.replications): Task[] {
  const tasks: Task[] = [];
  for (let replication = from; replication < to; replication++) {
    for (let configuration = 0; configuration < spec.configurations.length; configuration++) {
      tasks.push({ configuration, replication });
    }
  }
  return tasks;
}

/**
 * Runs every replication of every configuration. Decisions (how much to cut from the start, how many replications) are made
 * between rounds, from complete rounds, and results are put in the order (configuration, replication): the outcome does not
 * depend on `concurrency`.
 *
 * An automatic warm-up cuts a tenth of each run at first. If a configuration takes longer to settle, the replications are
 * run once more with the longer cut: the same events, other statistics. That needs no memory, and time only where it matters.
 */
export async function runExperiment(spec: ExperimentSpec, options: ExperimentOptions = {}): Promise<ExperimentResult> {
  const runner = new Runner(spec, options);
  await runner.round({ tasks: tasksOf(spec), isRepeated: false, precision: null });
  let found: FoundWarmUp | undefined;
  if (spec.run.warmup.kind === 'auto') {
    found = warmUpFrom(spec, runner.results());
    if (found.share > PROVISIONAL_SHARE) {
      const { share } = found;
      const repeated = tasksOf(spec).map((task) => ({ ...task, warmUp: share }));
      if (runner.isStopped()) return { ...runner.outcome(spec.run.replications), complete: false, warmUp: found };
      runner.forget();
      await runner.round({ tasks: repeated, isRepeated: true, precision: null });
    }
  }
  let upTo = spec.run.replications;
  for (;;) {
    const outcome = { ...runner.outcome(upTo), warmUp: found };
    if (!outcome.complete) return outcome;
    const precision = precisionOf(outcome);
    if (precision === null || precision.next === null) return outcome;
    if (runner.isStopped()) return { ...outcome, complete: false };
    const tasks = tasksOf(spec, upTo, precision.next).map((task) => ({ ...task, warmUp: found?.share }));
    await runner.round({ tasks, isRepeated: false, precision });
    upTo = precision.next;
  }
}

function warmUpFrom({ configurations }: ExperimentSpec, results: readonly ReplicationResult[]): FoundWarmUp {
  return commonWarmUp(
    configurations.map(({ variant }) =>
      findWarmUp(
        variant,
        results.filter((result) => result.variant === variant).map(({ course }) => course),
      ),
    ),
  );
}

/** Runs tasks, several at a time, and keeps their results in order. */
class Runner {
  private readonly spec: ExperimentSpec;
  private readonly options: ExperimentOptions;
  private readonly execute: Executor;
  /** [configuration][replication] */
  private slots: (ReplicationResult | undefined)[][];
  private hasFailed: boolean;

  constructor(spec: ExperimentSpec, options: ExperimentOptions) {
    this.spec = spec;
    this.options = options;
    this.execute = options.execute ?? inThisThread(spec);
    this.slots = [];
    this.hasFailed = false;
    this.forget();
  }

  isStopped(): boolean {
    return this.options.isStopped?.() ?? false;
  }

  forget(): void {
    this.slots = this.spec.configurations.map(() => []);
  }

  results(): ReplicationResult[] {
    return this.slots.flatMap((ofOne) => ofOne.filter((result) => result !== undefined));
  }

  /** @param upTo replications asked for so far */
  outcome(upTo: number): ExperimentResult {
    const replications = this.results();
    return { spec: this.spec, replications, complete: replications.length === upTo * this.slots.length };
  }

  async round(round: Round): Promise<void> {
    this.options.started?.(round);
    const { tasks } = round;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < tasks.length && !this.isStopped() && !this.hasFailed) {
        const task = tasks[next++]!;
        try {
          const result = await this.execute(task);
          this.slots[task.configuration]![task.replication] = result;
          this.options.finished?.(task, result);
        } catch (error) {
          if (error instanceof Stopped) return;
          this.hasFailed = true;
          throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.options.concurrency ?? 1, tasks.length) }, worker));
  }
}

/** The run of a task: that of the scenario, with the warm-up that the task states. */
export function runOf({ run }: ExperimentSpec, { warmUp }: Task): RunSpec {
  return warmUp === undefined ? run : { ...run, warmup: { kind: 'fraction', fraction: warmUp } };
}

/** Runs tasks in the calling thread, one after the other. */
export function inThisThread(spec: ExperimentSpec): Executor {
  return async (task) => runReplication(spec.configurations[task.configuration]!, runOf(spec, task), task.replication);
}
