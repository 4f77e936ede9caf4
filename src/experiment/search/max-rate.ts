import { RepeatedTTest } from '../../statistics/sequential.js';
import { unlessStopped } from './unless-stopped.js';

/** What a replication at some rate has shown. */
export interface RateShowing {
  /** One for each objective: observed value less its limit, above 0 when it is broken. */
  readonly excesses: readonly number[];
  /** No steady state exists at this rate, so no objective holds. */
  readonly isUnstable?: boolean;
}

export interface MaxRateOptions {
  /** Rates among which is searched [1/s]; `from` may be 0, which holds by definition, and `to` is known to fail. */
  readonly from: number;
  readonly to: number;
  /** `to` has not been shown to fail: it is the end of what is of interest. */
  readonly isToOpen: boolean;
  /** @throws Stopped: no more is known */
  readonly show: (ratePerSec: number, replication: number) => Promise<RateShowing>;
  /** Probability that the answer lies in the interval, at least. */
  readonly confidence: number;
  /** The search ends when the interval is no wider than this share of its middle. */
  readonly precision: number;
  /** Replications at a rate before it is judged for the first time, at least 2. */
  readonly first: number;
  /** Replications of the whole search. */
  readonly budget: number;
  readonly isStopped?: () => boolean;
  readonly tried?: (trial: RateTrial) => void;
}

export type RateVerdict = 'holds' | 'fails' | 'undecided';

/** A rate that was tried. */
export interface RateTrial {
  readonly ratePerSec: number;
  readonly replications: number;
  /** Means of the excesses, one for each objective. */
  readonly excesses: readonly number[];
  readonly verdict: RateVerdict;
}

export interface MaxRate {
  /** The highest rate at which the objectives were shown to hold; null: not even at the lowest one. */
  readonly holdsUpTo: number | null;
  /** The lowest rate at which one was shown to be broken; null: not even at the highest one. */
  readonly failsFrom: number | null;
  /** Between the two, where the means cross the limit; null where there is nothing between. */
  readonly estimate: number | null;
  /** By rate. */
  readonly trials: readonly RateTrial[];
  readonly replications: number;
  /** The interval is as narrow as was asked for. */
  readonly isPrecise: boolean;
}

/** Looks (at first, 2 first, 4 first ...) that a rate is given before others are tried. */
const EARLY_LOOKS = 3;
const MOST_TRIALS = 200;
/** Distance from the answer of the last two rates, as a share of the width that is wanted. */
const REACH = 0.45;

/**
 * The highest arrival rate at which the objectives hold, by stochastic bisection. Every rate is judged by repeated t
 * tests until it is known on which side of the limits it lies: far from the answer the first look is enough, near it
 * more replications are spent. Where a rate stays undecided, or little is left between the two, rates to the left and right
 * of where the means cross the limit are judged instead, with ever more patience, until the interval is narrow enough or
 * the budget is used up.
 *
 * The ends of the interval are rates that were judged, and all judgements together err with at most 1 - confidence: the
 * k-th has the share 1 / (k (k + 1)) of it, and these add up to 1. So the interval holds the answer with at least the
 * stated confidence, provided that a higher rate never keeps what a lower one breaks.
 */
export async function searchMaxRate(options: MaxRateOptions): Promise<MaxRate> {
  const search = new RateSearch(options);
  if (options.from > 0 && (await search.judge(options.from)) !== 'holds') return search.result();
  if (options.isToOpen && (await search.judge(options.to)) === 'holds') return search.result();
  while (!search.isOver()) {
    const [low, high] = search.bracket();
    const middle = (low + high) / 2;
    const wanted = options.precision * middle;
    if (high - low > 4 * wanted && (await search.judge(middle)) !== 'undecided') continue;
    // Near the answer: two rates that are as far from it as they may be are the cheapest to judge.
    const centre = search.crossing() ?? middle;
    for (const rate of [centre - REACH * wanted, centre + REACH * wanted]) {
      const [from, to] = search.bracket();
      if (rate <= from || rate >= to || search.isOver()) continue;
      if ((await search.judge(rate)) === 'undecided') search.bePatient();
    }
  }
  return search.result();
}

class RateSearch {
  private readonly options: MaxRateOptions;
  private readonly trials: RateTrial[];
  private holdsUpTo: number | null;
  private failsFrom: number | null;
  private used: number;
  private patience: number;
  private readonly known: Map<number, RateShowing[]>;

  constructor(options: MaxRateOptions) {
    this.options = options;
    this.trials = [];
    this.holdsUpTo = options.from === 0 ? 0 : null;
    this.failsFrom = options.isToOpen ? null : options.to;
    this.used = 0;
    this.patience = options.first * 2 ** (EARLY_LOOKS - 1);
    this.known = new Map();
  }

  bracket(): [low: number, high: number] {
    return [this.holdsUpTo ?? this.options.from, this.failsFrom ?? this.options.to];
  }

  bePatient(): void {
    this.patience *= 2;
  }

  isOver(): boolean {
    const { isStopped = () => false, budget } = this.options;
    return this.isPrecise() || this.used >= budget || this.trials.length >= MOST_TRIALS || isStopped();
  }

  /** Spends replications at a rate until it is known whether the objectives hold there, or patience ends. */
  async judge(ratePerSec: number): Promise<RateVerdict> {
    const { confidence, first, budget, isStopped = () => false } = this.options;
    const k = this.trials.length + 1;
    const error = (1 - confidence) / (k * (k + 1));
    let tests: RepeatedTTest[] | null = null;
    let verdict: RateVerdict = 'undecided';
    let n = 0;
    let asked = first;
    const sides: ReturnType<RepeatedTTest['add']>[] = [];
    while (verdict === 'undecided' && n < this.patience && this.used < budget && !isStopped()) {
      const from = n;
      const showings = await this.showings(ratePerSec, from, asked);
      if (showings === null) break;
      // Any objective may be the one that is wrongly called broken; all must be called kept to be wrong the other way.
      tests ??= showings[0]!.excesses.map(() => new RepeatedTTest(error / showings[0]!.excesses.length, first));
      for (const { excesses } of showings) {
        n++;
        tests.forEach((test, c) => {
          if (sides[c] == null) sides[c] = test.add(excesses[c]!);
        });
      }
      if (sides.includes('above') || showings.some(({ isUnstable }) => isUnstable)) verdict = 'fails';
      else if (tests.every((_, c) => sides[c] === 'below')) verdict = 'holds';
      asked = 2 * n;
    }
    if (n === 0 && isStopped()) return verdict;
    if (verdict === 'holds') this.holdsUpTo = Math.max(this.holdsUpTo ?? 0, ratePerSec);
    if (verdict === 'fails') this.failsFrom = Math.min(this.failsFrom ?? Number.POSITIVE_INFINITY, ratePerSec);
    const excesses = meansOf(this.known.get(ratePerSec) ?? []);
    const trial: RateTrial = { ratePerSec, replications: n, excesses, verdict };
    this.trials.push(trial);
    this.options.tried?.(trial);
    return verdict;
  }

  /** Replications `from` to `to` (not included); those of an earlier judgement are used again. null: it was stopped. */
  private async showings(ratePerSec: number, from: number, to: number): Promise<RateShowing[] | null> {
    const known = this.known.get(ratePerSec) ?? [];
    const missing = Array.from({ length: Math.max(0, to - known.length) }, (_, k) => known.length + k);
    const more = await unlessStopped(missing.map((replication) => this.options.show(ratePerSec, replication)));
    if (more === null) return null;
    known.push(...more);
    this.known.set(ratePerSec, known);
    this.used += missing.length;
    return known.slice(from, to);
  }

  private isPrecise(): boolean {
    if (this.holdsUpTo === null || this.failsFrom === null || this.holdsUpTo === 0) return false;
    const { holdsUpTo: low, failsFrom: high } = this;
    return high - low <= this.options.precision * ((low + high) / 2);
  }

  result(): MaxRate {
    const { holdsUpTo, failsFrom, trials, used } = this;
    return {
      holdsUpTo: holdsUpTo === 0 && !trials.some(({ verdict }) => verdict === 'holds') ? null : holdsUpTo,
      failsFrom,
      estimate: this.crossing() ?? this.centre(),
      // A rate that was judged twice counts as it was judged last.
      trials: [...new Map(trials.map((trial) => [trial.ratePerSec, trial])).values()].sort(
        (a, b) => a.ratePerSec - b.ratePerSec,
      ),
      replications: used,
      isPrecise: this.isPrecise(),
    };
  }

  private centre(): number | null {
    const { holdsUpTo, failsFrom } = this;
    if (holdsUpTo === null || failsFrom === null || holdsUpTo === 0) return null;
    return (holdsUpTo + failsFrom) / 2;
  }

  /** Where the largest mean excess, as a straight line between the rates tried, crosses zero within the interval. */
  crossing(): number | null {
    const [low, high] = this.bracket();
    const inside = this.trials
      .filter(({ ratePerSec, replications }) => replications > 0 && ratePerSec >= low && ratePerSec <= high)
      .map(({ ratePerSec, excesses }) => ({ ratePerSec, excess: Math.max(...excesses) }))
      .sort((a, b) => a.ratePerSec - b.ratePerSec);
    for (let k = 1; k < inside.length; k++) {
      const [left, right] = [inside[k - 1]!, inside[k]!];
      if (left.excess <= 0 && right.excess > 0) {
        const share = -left.excess / (right.excess - left.excess);
        return left.ratePerSec + share * (right.ratePerSec - left.ratePerSec);
      }
    }
    return null;
  }
}

function meansOf(showings: readonly RateShowing[]): number[] {
  const count = showings.length;
  return (showings[0]?.excesses ?? []).map(
    (_, c) => showings.reduce((sum, { excesses }) => sum + excesses[c]!, 0) / count,
  );
}
