import type { Expression } from './expression.js';
import type { Range } from './range.js';

/** What somebody said of these systems, and how a simulation puts it to the test. */
export interface ClaimSpec {
  /** E.g. `T21`: the letter is that of the article. */
  readonly id: string;
  /** The claim in the words of the article's readers. */
  readonly says: string;
  /** The first check decides; the others say under which conditions it holds. At least one. */
  readonly checks: readonly CheckSpec[];
  /** What the outcome means for readers of the claim, in one line. May be empty. */
  readonly means: string;
  /** What is behind the figures: mechanism, conditions, what is left out. May be empty. */
  readonly note: string;
}

export interface CheckSpec {
  /** What is measured, in words. */
  readonly figure: string;
  readonly value: Expression;
  /** `ms`, `1/s`, `ratio` ... */
  readonly unit: string;
  readonly expect: Range;
}

/** A claim without a simulation behind it. */
export interface UntestedClaim {
  readonly id: string;
  readonly says: string;
  /** `context`: no simulation can decide it. `not_simulated_yet`: its system is not built yet. */
  readonly verdict: 'context' | 'not_simulated_yet';
  readonly reason: string;
}
