import { RepeatedTTest, type Side, TriangularTest } from '../../statistics/sequential.js';
import { unlessStopped } from './unless-stopped.js';

/** What one replication of a candidate has shown. Everything is to be small: negate what is to be large. */
export interface Showing {
  /** One for each goal. */
  readonly goals: readonly number[];
  /** Observed value less the limit, one for each limit; below 0 is within it. */
  readonly excesses: readonly number[];
}

export interface SelectionOptions {
  readonly candidates: number;
  /** The same replication of all candidates has the same arrivals and demands. @throws Stopped: no more is known */
  readonly show: (candidate: number, replication: number) => Promise<Showing>;
  /** Differences that do not matter, one for each goal, given the means of the first stage of those that are not excluded. */
  readonly indifference: (means: readonly (readonly number[])[]) => readonly number[];
  /** Distances from the limits that do not matter. */
  readonly tolerances: readonly number[];
  /** Least probability of selecting rightly. */
  readonly probability: number;
  /** Replications of every candidate before any is dropped, at least 2. @default 10 */
  readonly first?: number;
  /** Replications of a candidate after which the selection ends undecided. @default 1000 */
  readonly most?: number;
  /** Why a candidate is out after the first stage, whatever its values; null: it is not. */
  readonly excluded?: (candidate: number) => string | null;
  readonly isStopped?: () => boolean;
  /** Told after every round who is still in. */
  readonly round?: (replication: number, remaining: number) => void;
}

export type Fate =
  | { readonly kind: 'selected' }
  /** Neither selected nor beaten when the replications were used up. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'beaten'; readonly by: number }
  | { readonly kind: 'beyond'; readonly limit: number }
  | { readonly kind: 'excluded'; readonly why: string };

export interface Selection {
  /** One for each candidate. */
  readonly fates: readonly Fate[];
  /** Replications that each candidate was given. */
  readonly replications: readonly number[];
  /** All questions were answered at the stated probability. */
  readonly isDecided: boolean;
}

const FIRST = 10;
const MOST = 1000;
/** Replications of each remaining candidate that are asked for at a time. Those beyond a decision are not used. */
const BATCH = 4;

/**
 * Selects the best of many candidates among those within their limits, or, with several goals, those that no other one
 * beats (the Pareto front), dropping candidates as soon as they are known to lose.
 *
 * With the stated probability: the candidate selected is the best one unless the best is better by less than the
 * indifference; with several goals, every candidate that is dropped is beaten by another one in some goal and not worse,
 * beyond the indifference, in the others. Candidates that are nearer to a limit than its tolerance may be called within
 * or beyond.
 *
 * Each question (is i better than l, is i within a limit) is put to two sequential tests with half of its share of the
 * error: Kim and Nelson's triangle, which is sure to end, and t tests repeated at doubling numbers of replications,
 * which end soon where the answer is clear though the values vary much. The shares are Bonferroni's: half of the error
 * for all limits of all candidates where there are limits, the rest for k - 1 rivals (the best one against each), or,
 * with several goals, for all pairs and goals.
 *
 * @see S.-H. Kim, B. L. Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation, ACM
 *   Transactions on Modeling and Computer Simulation 11(3), 251-273 (procedure KN, valid for common random numbers)
 * @see S. Andradóttir, S.-H. Kim (2010), Fully sequential procedures for comparing constrained systems via simulation,
 *   Naval Research Logistics 57(5), 403-421 (limits)
 */
export async function selectBest(options: SelectionOptions): Promise<Selection> {
  const { candidates, show, tolerances, probability } = options;
  const { first = FIRST, most = MOST, excluded = () => null, isStopped = () => false } = options;
  const contest = new Contest(candidates, tolerances, 1 - probability, first);
  const all = Array.from({ length: candidates * first }, (_, k) => show(Math.floor(k / first), k % first));
  const given = await unlessStopped(all);
  if (given === null) return nothingKnown(candidates);
  const shown = Array.from({ length: candidates }, (_, k) => given.slice(k * first, (k + 1) * first));
  for (let candidate = 0; candidate < candidates; candidate++) {
    const why = excluded(candidate);
    if (why !== null) contest.exclude(candidate, why);
  }
  contest.begin(options.indifference(contest.remaining().map((candidate) => meansOf(shown[candidate]!))));
  for (let r = 0; r < first; r++) contest.add((candidate) => shown[candidate]![r]!);
  let done = first;
  while (!contest.isOver() && done < most && !isStopped()) {
    const batch = Math.min(BATCH, most - done);
    const remaining = contest.remaining();
    const from = done;
    const more = await unlessStopped(
      remaining.flatMap((candidate) => Array.from({ length: batch }, (_, k) => show(candidate, from + k))),
    );
    if (more === null) break;
    const values = new Map(remaining.map((candidate, at) => [candidate, more.slice(at * batch, (at + 1) * batch)]));
    for (let k = 0; k < batch && !contest.isOver(); k++) {
      contest.add((candidate) => values.get(candidate)![k]!);
      done++;
    }
    options.round?.(done, contest.remaining().length);
  }
  return contest.result();
}

/** It was stopped before everybody had the first replications. */
function nothingKnown(candidates: number): Selection {
  const fates = Array.from({ length: candidates }, (): Fate => ({ kind: 'undecided' }));
  return { fates, replications: fates.map(() => 0), isDecided: false };
}

function meansOf(showings: readonly Showing[]): number[] {
  return showings[0]!.goals.map((_, g) => showings.reduce((sum, { goals }) => sum + goals[g]!, 0) / showings.length);
}

/** Answers a question with at most this error, if the mean is at least `tolerance` away from zero. */
class Question {
  private readonly triangle: TriangularTest;
  private readonly looks: RepeatedTTest;
  private answered: Side | null;
  /** The answer is that there is no difference that matters. */
  isTie: boolean;

  constructor(error: number, first: number, tolerance: number) {
    this.triangle = new TriangularTest(error / 2, first, tolerance);
    this.looks = new RepeatedTTest(error / 2, first);
    this.answered = null;
    this.isTie = false;
  }

  add(value: number): void {
    if (this.answered !== null) return;
    const byLooks = this.looks.add(value);
    const byTriangle = this.triangle.add(value);
    this.answered = byLooks ?? byTriangle;
    this.isTie = byLooks === null && byTriangle !== null && this.triangle.isClosed;
  }

  get answer(): Side | null {
    return this.answered;
  }
}

/** The state of a selection: who is still in, and what is still open. */
class Contest {
  private readonly fates: (Fate | null)[];
  private readonly replications: number[];
  private readonly limits: Question[][];
  private readonly error: number;
  private readonly first: number;
  /** [i][l] for l > i, one for each goal: values of i less those of l. */
  private rivals: Question[][][];
  private goals: number;
  private added: number;

  constructor(candidates: number, tolerances: readonly number[], error: number, first: number) {
    this.fates = new Array<Fate | null>(candidates).fill(null);
    this.replications = new Array<number>(candidates).fill(first);
    const hasLimits = tolerances.length > 0;
    this.error = hasLimits ? error / 2 : error;
    this.first = first;
    const share = error / 2 / Math.max(1, candidates * tolerances.length);
    this.limits = Array.from({ length: candidates }, () =>
      tolerances.map((tolerance) => new Question(share, first, tolerance)),
    );
    this.rivals = [];
    this.goals = 0;
    this.added = 0;
  }

  exclude(candidate: number, why: string): void {
    this.fates[candidate] = { kind: 'excluded', why };
    this.replications[candidate] = this.first;
  }

  begin(indifference: readonly number[]): void {
    this.goals = indifference.length;
    const k = Math.max(2, this.remaining().length);
    const share = this.error / (this.goals === 1 ? k - 1 : (this.goals * k * (k - 1)) / 2);
    // A share of half or more is no question at all: two candidates at a probability of 1/2, say.
    const error = Math.min(share, 0.49);
    this.rivals = this.fates.map((fate, i) =>
      this.fates.map((other, l) =>
        l > i && fate === null && other === null
          ? indifference.map((difference) => new Question(error, this.first, difference))
          : [],
      ),
    );
  }

  remaining(): number[] {
    return this.fates.flatMap((fate, candidate) => (fate === null ? [candidate] : []));
  }

  isWithin(candidate: number): boolean {
    return this.limits[candidate]!.every(({ answer }) => answer === 'below');
  }

  /** One more replication of everybody who is in. */
  add(showing: (candidate: number) => Showing): void {
    const remaining = this.remaining();
    const showings = new Map(remaining.map((candidate) => [candidate, showing(candidate)]));
    for (const [at, i] of remaining.entries()) {
      const own = showings.get(i)!;
      own.excesses.forEach((excess, c) => {
        this.limits[i]![c]!.add(excess);
      });
      for (const l of remaining.slice(at + 1)) {
        const other = showings.get(l)!;
        for (let g = 0; g < this.goals; g++) this.rivals[i]![l]![g]!.add(own.goals[g]! - other.goals[g]!);
      }
    }
    this.count(remaining);
    for (const i of remaining) {
      const limit = this.limits[i]!.findIndex(({ answer }) => answer === 'above');
      if (limit >= 0) this.fates[i] = { kind: 'beyond', limit };
    }
    this.drop();
  }

  isOver(): boolean {
    const remaining = this.remaining();
    if (remaining.some((candidate) => !this.isWithin(candidate))) return false;
    if (this.goals === 1) return remaining.length <= 1;
    return remaining.every((i, at) =>
      remaining.slice(at + 1).every((l) => this.rivals[i]![l]!.every(({ answer }) => answer !== null)),
    );
  }

  result(): Selection {
    const isDecided = this.isOver();
    const kind = isDecided ? 'selected' : 'undecided';
    return { fates: this.fates.map((fate) => fate ?? { kind }), replications: this.replications, isDecided };
  }

  private count(remaining: readonly number[]): void {
    this.added++;
    for (const candidate of remaining) this.replications[candidate] = Math.max(this.first, this.added);
  }

  /** Drops who is beaten by somebody within the limits. Who is beaten may have beaten others: that stands. */
  private drop(): void {
    const remaining = this.remaining();
    const beaten = remaining.flatMap((i) => {
      const by = remaining.find((l) => l !== i && this.isWithin(l) && this.beats(l, i));
      return by === undefined ? [] : [{ i, by }];
    });
    // With ties two may beat each other only in different goals, so somebody is always left.
    for (const { i, by } of beaten) if (this.remaining().length > 1) this.fates[i] = { kind: 'beaten', by };
  }

  private beats(l: number, i: number): boolean {
    const [low, high] = l < i ? [l, i] : [i, l];
    const better: Side = l < i ? 'below' : 'above';
    const questions = this.rivals[low]![high]!;
    if (this.goals === 1) return questions[0]!.answer === better;
    const isNotWorse = questions.every(({ answer, isTie }) => answer === better || (answer !== null && isTie));
    return isNotWorse && questions.some(({ answer, isTie }) => answer === better && !isTie);
  }
}
