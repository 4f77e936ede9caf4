import type { EventKind, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { RequestId } from '../entities/ids.js';
import { Status } from '../observations.js';
import type { Silence } from '../processes/host-control.js';
import { synWaitsNs } from '../reception/connection-attempts.js';
import { kernelTimerNs } from '../reception/kernel-timer.js';
import type { Clients, Server, Site } from '../servers/server.js';
import { siteOf } from '../site.js';

/**
 * A host that can fall silent: power or network are gone, and no packet comes back, not even that a connection is refused.
 *
 * ```
 * has a connection --\
 * waits for one -------> silence: no answer --> client or proxy gives up --> gone
 * tries to connect ----> SYN again after 1, 2, 3 ... s --> refused after 131 s, or the host is back by then
 * is half open --------> request again after 0.2, 0.4, 0.8 ... s --> reset when the host is back
 * ```
 * Who was trying before it fell silent goes on at its own times: see `ListenSocket`.
 *
 * What it was working on is lost, but nobody is told. A connection that was open stays so for its client when the host is back: a
 * client that only waits sends nothing that the host, which knows nothing of it, could answer with a reset. (TCP keepalive would
 * notice after two hours.)
 */
export class SilentHost implements Server, Clients, Silence {
  readonly silence: Silence;
  readonly processes: Server['processes'];
  readonly door: Server['door'];
  readonly threads: Server['threads'];
  readonly processNames: Server['processNames'];
  readonly gauges: Server['gauges'];
  private readonly server: Server;
  private isSilent: boolean;
  /** When it fell silent last. */
  private sinceNs: Nanos;
  /** Requests that wait for an answer that will not come. */
  private readonly unanswered: Set<RequestId>;
  private readonly waitsNs: readonly Nanos[];
  /** SYNs sent in vain, by request. */
  private readonly attempts: number[];
  private readonly timers: Timer[];
  private readonly synKind: EventKind<RequestId>;

  /** @param assemble makes the server of the host */
  constructor(
    private readonly site: Site,
    assemble: (site: Site) => Server,
  ) {
    this.silence = this;
    this.isSilent = false;
    this.sinceNs = 0;
    this.unanswered = new Set();
    this.waitsNs = synWaitsNs(site.host.synLinearTimeouts);
    this.attempts = [];
    this.timers = [];
    this.synKind = site.kernel.define('net.syn-to-silence', Rank.Arrival, (request: RequestId) => this.syn(request));
    this.server = assemble(siteOf({ ...site, clients: this }));
    this.processes = this.server.processes;
    this.door = this.server.door;
    this.threads = this.server.threads;
    this.processNames = this.server.processNames;
    this.gauges = this.server.gauges;
  }

  begins(): void {
    this.isSilent = true;
    this.sinceNs = this.site.kernel.nowNs();
    this.door?.cutOff?.(true);
  }

  ends(): void {
    this.isSilent = false;
    this.door?.cutOff?.(false);
  }

  connect(request: RequestId): void {
    this.attempts[request] = 0;
    this.syn(request);
  }

  hangUp(request: RequestId): void {
    const timer = this.timers[request];
    if (timer !== undefined && this.site.kernel.isArmed(timer)) {
      this.site.kernel.disarm(timer);
      this.refuse(request);
    } else if (this.unanswered.delete(request)) this.site.clients.departed(request);
    else this.server.hangUp?.(request);
  }

  locate(request: RequestId): { process: number; thread: number } {
    const { process, thread } = this.site.requests;
    return this.server.locate?.(request) ?? { process: process[request]!, thread: thread[request]! };
  }

  departed(request: RequestId): void {
    const { requests, clients } = this.site;
    if (!this.isSilent || requests.isGone[request] === 1 || this.hasTriedInVain(request)) {
      clients.departed(request);
      return;
    }
    this.unanswered.add(request);
    // Nobody had taken its connection: all the time that it waits is spent before that.
    if (requests.status[request] === Status.Refused) requests.unserved(request);
  }

  /** Its own kernel has given up. What its host resets, it resets at the instant at which it falls silent: nobody hears of that. */
  private hasTriedInVain(request: RequestId): boolean {
    const { requests, kernel } = this.site;
    return requests.status[request] === Status.Refused && kernel.nowNs() > this.sinceNs;
  }

  private syn(request: RequestId): void {
    const { kernel, overheads } = this.site;
    if (!this.isSilent) {
      this.server.connect(request);
      return;
    }
    const waitNs = this.waitsNs[this.attempts[request]!++];
    if (waitNs === undefined) {
      this.refuse(request);
      return;
    }
    const nowNs = kernel.nowNs();
    this.timers[request] ??= kernel.timer(this.synKind, request);
    kernel.arm(this.timers[request]!, overheads ? kernelTimerNs(nowNs, waitNs) : nowNs + waitNs);
  }

  private refuse(request: RequestId): void {
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }
}
