import type { Gauge } from '../observations.js';
import type { ServiceSpec } from '../spec.js';

/** A call that a service is asked for. */
export interface Ticket {
  /** The service begins to work on it. */
  start(): void;
}

/**
 * A downstream service (database, cache, another API), shared by all processes of all hosts: it works on `capacity` calls
 * at a time, the others wait in order of arrival.
 *
 * ```
 * request -> [waiting] -> working -> finished
 * ```
 */
export class Service {
  readonly name: string;
  private readonly capacity: number;
  private readonly waiting: Ticket[];
  private working: number;

  constructor({ name, capacity }: ServiceSpec) {
    this.name = name;
    this.capacity = capacity;
    this.waiting = [];
    this.working = 0;
  }

  request(ticket: Ticket): void {
    if (this.working === this.capacity) {
      this.waiting.push(ticket);
      return;
    }
    this.working++;
    ticket.start();
  }

  /** A call that was started is done, or its client has gone. */
  finished(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.working--;
    else next.start();
  }

  /** Takes a call out of the queue; false if it was started already. */
  withdraw(ticket: Ticket): boolean {
    const at = this.waiting.indexOf(ticket);
    if (at >= 0) this.waiting.splice(at, 1);
    return at >= 0;
  }

  gauges(): Gauge[] {
    const level = (what: string, read: () => number): Gauge => ({
      name: `${this.name}_${what}_count`,
      kind: 'level',
      capacity: 1,
      read,
    });
    return [level('working', () => this.working), level('waiting', () => this.waiting.length)];
  }
}
