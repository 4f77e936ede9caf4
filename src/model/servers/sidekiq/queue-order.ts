import type { Stream } from '../../../random/streams.js';
import type { QueueSetting } from '../common/job-queue-params.js';

/**
 * The order in which a fetch looks at the queues. Without weights as listed. With weights a list that names each queue
 * as often as its weight is shuffled for every fetch and each queue is looked at where it comes first; a queue of
 * weight w among W in all comes first with probability w / W.
 * @see sidekiq/sidekiq v8.1 lib/sidekiq/fetch.rb queues_cmd
 */
export class QueueOrder {
  private readonly order: readonly number[];
  private readonly lottery: readonly number[];

  /** @param indexOf index of a queue by its name */
  constructor(
    queues: readonly QueueSetting[],
    indexOf: (name: string) => number,
    private readonly stream: Stream,
  ) {
    this.order = [...new Set(queues.map(({ name }) => indexOf(name)))];
    const isWeighted = queues.some(({ weight }) => weight > 0) && this.order.length > 1;
    this.lottery = isWeighted
      ? queues.flatMap(({ name, weight }) => Array.from({ length: Math.max(1, weight) }, () => indexOf(name)))
      : [];
  }

  includes(queue: number): boolean {
    return this.order.includes(queue);
  }

  next(): readonly number[] {
    if (this.lottery.length === 0) return this.order;
    const tickets = [...this.lottery];
    for (let k = tickets.length - 1; k > 0; k--) {
      const other = Math.floor(this.stream.uniform() * (k + 1));
      [tickets[k], tickets[other]] = [tickets[other]!, tickets[k]!];
    }
    return [...new Set(tickets)];
  }
}
