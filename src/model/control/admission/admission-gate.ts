import type { EventKind, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { MICROSECOND, type Nanos } from '../../../kernel/time.js';
import type { AdmissionSpec } from '../../control-spec.js';
import type { RequestId } from '../../entities/ids.js';
import type { Threads } from '../../entities/thread.js';
import { type Gauge, Status } from '../../observations.js';
import type { Clients, Server, Site } from '../../servers/server.js';
import { siteOf } from '../../site.js';
import { limitType } from './limits/index.js';
import type { ConcurrencyLimit } from './limits/limit.js';

/** From a request to its refusal: about that from an answer to its arrival at the client through nginx (measured). */
const REFUSAL_NS: Nanos = 100 * MICROSECOND;

/**
 * Admission control in front of the server of one host, as a sidecar does it: a request that finds as many in the host
 * as the limit allows is refused with 503; what the server answers teaches the limit.
 *
 * ```
 * request -- in flight < limit --> listen queue -> server -> answer: one in flight less; latency and outcome to the limit
 *        `-- in flight >= limit --> 503 (shed)
 * ```
 * A request counts until the server is done with it, even if its client has gone. The gate needs no CPU time of the host.
 * @see Netflix/concurrency-limits SimpleLimiter.java; Envoy, adaptive concurrency filter
 */
export class AdmissionGate implements Server, Clients {
  readonly processes: Server['processes'];
  readonly door: Server['door'];
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly server: Server;
  private readonly limit: ConcurrencyLimit;
  private readonly refusalKind: EventKind<RequestId>;
  private readonly refusalTimers: Timer[];
  private readonly refusalNs: Nanos;
  private inFlight: number;
  /** By slot, of requests that were admitted. */
  private readonly admittedNs: number[];
  private readonly inFlightThen: number[];
  private limitArea: number;
  private limitSinceNs: Nanos;

  /** @param assemble makes the server for the site that it sees */
  constructor(
    spec: AdmissionSpec,
    private readonly site: Site,
    assemble: (site: Site) => Server,
  ) {
    const { kernel, overheads } = site;
    this.limit = limitType(spec.kind).create(spec.value, () => kernel.nowNs());
    this.refusalKind = kernel.define('admission.refuses', Rank.Release, (request: RequestId) => this.refused(request));
    this.refusalTimers = [];
    this.refusalNs = overheads ? REFUSAL_NS : 0;
    this.inFlight = 0;
    this.admittedNs = [];
    this.inFlightThen = [];
    this.limitArea = 0;
    this.limitSinceNs = 0;
    this.server = assemble(siteOf({ ...site, clients: this }));
    this.processes = this.server.processes;
    this.door = this.server.door;
    this.threads = this.server.threads;
    this.processNames = this.server.processNames;
    this.gauges = [
      ...this.server.gauges,
      {
        name: 'admission_limit_count',
        kind: 'integral',
        capacity: 1,
        read: (nowNs) => this.limitArea + this.limit.limit * (nowNs - this.limitSinceNs),
      },
    ];
  }

  connect(request: RequestId): void {
    if (this.inFlight >= this.limit.limit) {
      this.refuse(request);
      return;
    }
    this.inFlight++;
    this.admittedNs[request] = this.site.kernel.nowNs();
    this.inFlightThen[request] = this.inFlight;
    this.server.connect(request);
  }

  /** A refusal that is on its way arrives at a closed connection. */
  hangUp(request: RequestId): void {
    const timer = this.refusalTimers[request];
    if (timer === undefined || !this.site.kernel.isArmed(timer)) this.server.hangUp?.(request);
  }

  locate(request: RequestId): { process: number; thread: number } {
    const { process, thread } = this.site.requests;
    return this.server.locate?.(request) ?? { process: process[request]!, thread: thread[request]! };
  }

  /** The server is done with a request that was admitted. */
  departed(request: RequestId): void {
    const { requests, kernel, clients } = this.site;
    const nowNs = kernel.nowNs();
    this.inFlight--;
    this.limitArea += this.limit.limit * (nowNs - this.limitSinceNs);
    this.limitSinceNs = nowNs;
    const isDropped = requests.status[request] !== Status.Ok;
    this.limit.sample(nowNs - this.admittedNs[request]!, this.inFlightThen[request]!, isDropped);
    clients.departed(request);
  }

  private refuse(request: RequestId): void {
    const { kernel, requests } = this.site;
    requests.unserved(request);
    this.refusalTimers[request] ??= kernel.timer(this.refusalKind, request);
    kernel.arm(this.refusalTimers[request]!, kernel.nowNs() + this.refusalNs);
  }

  private refused(request: RequestId): void {
    const { requests, clients } = this.site;
    requests.refused(request);
    requests.status[request] = Status.Shed;
    clients.departed(request);
  }
}
