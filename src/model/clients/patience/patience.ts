import type { EventKind, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { type Nanos, SECOND } from '../../../kernel/time.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Thread } from '../../entities/thread.js';
import { type Gauge, Part, Status } from '../../observations.js';
import type { Clients, Server, Site } from '../../servers/server.js';
import type { ClientsSpec } from '../../spec.js';
import type { Population } from '../population.js';
import { RetryRules } from './retry-rules.js';

/**
 * Clients that do not wait for ever, and try again.
 *
 * ```
 *            +-------------------- pause (backoff) <--- again -----------------+
 *            v                                                                |
 * sent -> waiting -- answer ----------------------------------> done          |
 *            |  `--- refused, killed, shed, timed out elsewhere --> failed ---+--> given up for good
 *            `------ `timeout` is over: abandoned -----------------> failed --'
 *            `------ the proxy's `read_timeout` is over: timeout --> failed --'
 *                       `-> the server knows nothing of it and goes on: work for nobody
 * ```
 * Each attempt is a request of its own in the results; it needs what the first one needed. An abandoned request leaves
 * the system for its client, as `abandoned`, but not for the server: it stays in queues and on threads to its end,
 * unless its connection had not been made yet, or the server looks (Unicorn's `check_client_connection`).
 *
 * Of an abandoned request that runs on a shared core the time since it last went on is counted as running: how much of
 * it was waiting for a core is known only when it goes off it.
 */
export class Patience implements Clients {
  readonly gauges: readonly Gauge[];
  private server!: Server;
  private threads!: readonly Thread[];
  private readonly rules: RetryRules | null;
  private readonly giveUpKind: EventKind<RequestId>;
  private readonly retryKind: EventKind<RequestId>;
  /** By slot. */
  private readonly giveUpTimers: Timer[];
  private readonly retryTimers: Timer[];
  private retries: number;
  private servedForNobody: number;
  private failures: number;

  constructor(
    private readonly params: ClientsSpec,
    private readonly site: Omit<Site, 'clients'>,
    private readonly population: Population,
  ) {
    const { kernel, streams } = site;
    this.rules = params.retries === null ? null : new RetryRules(params.retries, streams.open('clients/backoff'));
    this.giveUpKind = kernel.define('client.gives-up', Rank.Timer, (request: RequestId) => this.giveUp(request));
    this.retryKind = kernel.define('client.tries-again', Rank.Arrival, (request: RequestId) => this.sendAgain(request));
    this.giveUpTimers = [];
    this.retryTimers = [];
    this.retries = 0;
    this.servedForNobody = 0;
    this.failures = 0;
    const counted = (name: string, read: () => number): Gauge => ({
      name,
      kind: 'integral',
      capacity: 1,
      read: () => SECOND * read(),
    });
    this.gauges = [
      ...(this.rules === null ? [] : [counted('retries_per_s', () => this.retries)]),
      counted('failed_for_good_per_s', () => this.failures),
      counted('served_for_nobody_per_s', () => this.servedForNobody),
    ];
  }

  attach(server: Server): void {
    this.server = server;
    this.threads = server.threads.flat();
  }

  /** A client sends a request for the first time. */
  connect(request: RequestId): void {
    this.site.requests.attempt[request] = 1;
    this.rules?.sent();
    this.send(request);
  }

  departed(request: RequestId): void {
    const { requests, kernel } = this.site;
    if (requests.isGone[request] === 1) {
      requests.isGone[request] = 0;
      if (requests.status[request] === Status.Ok) this.servedForNobody++;
      requests.release(request);
      return;
    }
    if (this.giveUpTimers[request] !== undefined) kernel.disarm(this.giveUpTimers[request]!);
    this.finished(request, request);
  }

  private send(request: RequestId): void {
    const { requests, kernel } = this.site;
    requests.unserved(request);
    const patienceNs = Math.min(this.params.timeoutNs, this.gatewayNs(request));
    if (patienceNs !== Number.POSITIVE_INFINITY) {
      this.giveUpTimers[request] ??= kernel.timer(this.giveUpKind, request);
      kernel.arm(this.giveUpTimers[request]!, kernel.nowNs() + patienceNs);
    }
    this.server.connect(request);
  }

  /** From its sending to the end of the proxy's patience, which begins when the request is whole. */
  private gatewayNs(request: RequestId): Nanos {
    return this.site.requests.uploadNs[request]! + this.params.gatewayTimeoutNs;
  }

  /** The client, or the proxy for it, closes the connection. What it sees of the request leaves; the request itself stays in the server. */
  private giveUp(request: RequestId): void {
    const { requests } = this.site;
    const seen = requests.take(requests.ordinal[request]!);
    requests.copyDemands(request, seen);
    requests.copyProgress(request, seen);
    const place = this.server.locate?.(request) ?? {
      process: requests.process[request]!,
      thread: requests.thread[request]!,
    };
    requests.process[seen] = place.process;
    requests.thread[seen] = place.thread;
    requests.status[seen] = this.params.timeoutNs <= this.gatewayNs(request) ? Status.Abandoned : Status.Timeout;
    requests.chargeRest(seen, this.partOf(request, place.thread));
    requests.isGone[request] = 1;
    this.finished(seen, request);
    this.server.hangUp?.(request);
  }

  /** Which part of its life the request is in. */
  private partOf(request: RequestId, thread: number): Part {
    if (Number.isNaN(this.site.requests.acceptedNs[request])) return Part.Backlog;
    if (thread === NOBODY) return Part.Queue;
    const { request: serving, part } = this.threads[thread]!;
    return serving === request ? part : Part.Io; // answered, but the answer has not arrived
  }

  /**
   * An attempt is over for the client.
   *
   * @param seen what it knows of it, which leaves
   * @param request the attempt itself
   */
  private finished(seen: RequestId, request: RequestId): void {
    const { requests, kernel } = this.site;
    const pauseNs = requests.status[seen] === Status.Ok ? -1 : this.pauseNs(request);
    if (pauseNs < 0) {
      if (requests.status[seen] !== Status.Ok) this.failures++;
      this.population.departed(seen);
      return;
    }
    const again = requests.take(NOBODY);
    requests.copyDemands(request, again);
    requests.attempt[again] = requests.attempt[request]! + 1;
    this.population.left(seen);
    this.retryTimers[again] ??= kernel.timer(this.retryKind, again);
    kernel.arm(this.retryTimers[again]!, kernel.nowNs() + pauseNs);
  }

  private pauseNs(request: RequestId): number {
    return this.rules === null ? -1 : this.rules.pauseNs(this.site.requests.attempt[request]! - 1);
  }

  private sendAgain(request: RequestId): void {
    this.retries++;
    this.population.comes(request);
    this.send(request);
  }
}
