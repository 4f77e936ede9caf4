import type { Nanos } from '../../../kernel/time.js';
import { power } from '../../../random/special/power.js';
import type { Stream } from '../../../random/streams.js';
import type { RetrySpec } from '../../spec.js';

/** Retries that a budget saves up while nothing fails. */
export const SAVED_RETRIES = 10;

/**
 * Whether and when a failed request is sent again: exponential backoff with jitter, and a budget for all clients
 * together (a token bucket: each first request puts `budget` tokens in, each retry takes one out).
 *
 * @see M. Brooker (2015), Exponential Backoff And Jitter, AWS Architecture Blog ("full jitter"); Finagle `RetryBudget`
 */
export class RetryRules {
  private tokens: number;

  constructor(
    private readonly params: RetrySpec,
    private readonly stream: Stream,
  ) {
    this.tokens = params.budget === Number.POSITIVE_INFINITY ? params.budget : SAVED_RETRIES;
  }

  /** A request is sent for the first time. */
  sent(): void {
    if (this.tokens < SAVED_RETRIES) this.tokens = Math.min(SAVED_RETRIES, this.tokens + this.params.budget);
  }

  /**
   * Asks for another attempt.
   *
   * @param retries how often the request has been sent again already
   * @returns the pause before it [ns]; -1 if there is to be none
   */
  pauseNs(retries: number): Nanos {
    const { max, backoffNs, factor, maxBackoffNs, jitter } = this.params;
    if (retries >= max || this.tokens < 1) return -1;
    this.tokens--;
    const whole = Math.min(maxBackoffNs, backoffNs * power(factor, retries));
    return Math.round(jitter === 'full' ? this.stream.uniform() * whole : whole);
  }
}
