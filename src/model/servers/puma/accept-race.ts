import type { Stream } from '../../../random/streams.js';
import type { Acceptor } from './acceptor.js';

/**
 * Who is first at a connection: it wakes every acceptor that sleeps in `select` (no exclusive wake-up), and which of them is
 * scheduled first is drawn.
 *
 * ```
 * acceptors in select -- a connection --> drawn one by one --> each wakes in that order
 * ```
 */
export class AcceptRace {
  /** Those that a connection is about to wake; empty in between. */
  private readonly selecting: Acceptor[];

  constructor(
    private readonly stream: Stream,
    private readonly workers: readonly { readonly acceptor: Acceptor }[],
  ) {
    this.selecting = [];
  }

  readable(): void {
    const { selecting } = this;
    for (const { acceptor } of this.workers) if (acceptor.isSelecting) selecting.push(acceptor);
    while (selecting.length > 0) this.drawn(selecting).readable();
  }

  /** Takes one of them out; without splice(), which makes an array. */
  private drawn(acceptors: Acceptor[]): Acceptor {
    const index = acceptors.length === 1 ? 0 : Math.floor(this.stream.uniform() * acceptors.length);
    const acceptor = acceptors[index]!;
    for (let k = index + 1; k < acceptors.length; k++) acceptors[k - 1] = acceptors[k]!;
    acceptors.pop();
    return acceptor;
  }
}
