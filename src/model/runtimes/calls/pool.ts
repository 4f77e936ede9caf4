/** Somebody who waits for a connection. */
export interface PoolClient {
  /** A connection is this client's from now on, although it may take until it is awake. */
  granted(): void;
}

/**
 * The connections of one process to a service. Who finds none waits in order of arrival; a connection that is given back
 * belongs to the first who waits at once, as in ActiveRecord's ConnectionPool::Queue.
 * ```
 * asks -- one is free ---------------------------> has one -- gives it back --> the first who waits has it, or it is free
 *   +-- none: waits in order -- its turn --> has one   `-- its thread was stopped: given back
 *              `-- too long: gives up
 * ```
 *
 * @see rails/rails activerecord/lib/active_record/connection_adapters/abstract/connection_pool/queue.rb
 */
export class ConnectionPool {
  private free: number;
  private readonly waiting: PoolClient[];

  constructor(size: number) {
    this.free = size;
    this.waiting = [];
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Takes a connection; false if there is none. */
  take(): boolean {
    if (this.free === 0) return false;
    this.free--;
    return true;
  }

  wait(client: PoolClient): void {
    this.waiting.push(client);
  }

  giveUp(client: PoolClient): void {
    const at = this.waiting.indexOf(client);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  giveBack(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free++;
    else next.granted();
  }
}
