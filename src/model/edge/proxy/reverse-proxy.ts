import type { EventKind, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { RequestId } from '../../entities/ids.js';
import type { Threads } from '../../entities/thread.js';
import { type Gauge, PARTS, Part, Status } from '../../observations.js';
import type { Silence } from '../../processes/host-control.js';
import type { Clients, Server, Site } from '../../servers/server.js';
import { siteOf } from '../../site.js';
import type { LoadSpec } from '../../spec.js';
import type { ProxyParams } from './params.js';

/**
 * A reverse proxy in front of the server: nginx with its defaults. With buffering it connects to the server only when it has
 * read the whole request, so slow clients occupy it and not the server. Each request gets a connection of its own to the
 * server, whatever the client's connection does (no upstream `keepalive`).
 *
 * ```
 * client -- the body arrives --> whole -- request overhead --> listen queue of the server
 *                                         answer -- response overhead --> client
 * ```
 * It has cores of its own and serves any number of requests at once; answers are taken from the server as fast as it
 * writes them, and held for clients that are slow to take them in. What a request spends before the server accepts it, here or in the listen queue, counts as backlog; the
 * way back of its answer as I/O.
 *
 * The overheads are those of nginx 1.22 on the loopback interface of a virtual machine with two cores: requests to idle
 * workers of Unicorn reached the application after 0.50 ms (p50) and were answered 0.23 ms after its end; without nginx
 * 0.23 and 0.12 ms.
 * @see nginx.org, ngx_http_proxy_module: proxy_request_buffering, proxy_buffering, keepalive
 */
export class ReverseProxy implements Server, Clients {
  readonly processes: Server['processes'];
  readonly door: Server['door'];
  readonly silence?: Silence;
  readonly hosts: Server['hosts'];
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly server: Server;
  private readonly connectKind: EventKind<RequestId>;
  private readonly answerKind: EventKind<RequestId>;
  private readonly connectTimers: Timer[];
  private readonly answerTimers: Timer[];
  private readonly requestNs: number;
  private readonly responseNs: number;
  /** Requests that it is reading or passing on. */
  private reading: number;

  /** @param assemble makes the server for the site that it sees */
  constructor(
    private readonly params: ProxyParams,
    private readonly site: Site,
    assemble: (site: Site) => Server,
  ) {
    const { kernel, load, overheads } = site;
    this.connectKind = kernel.define('proxy.connects', Rank.Arrival, (request: RequestId) => this.passOn(request));
    this.answerKind = kernel.define('proxy.answers', Rank.Release, (request: RequestId) => this.answer(request));
    this.connectTimers = [];
    this.answerTimers = [];
    this.requestNs = overheads ? params.requestOverheadNs : 0;
    this.responseNs = overheads ? params.responseOverheadNs : 0;
    this.reading = 0;
    this.server = assemble(siteOf({ ...site, downloadNs: null, clients: this, load: withoutKeptConnections(load) }));
    this.processes = this.server.processes;
    this.door = this.server.door;
    if (this.server.silence !== undefined) this.silence = this.server.silence;
    this.hosts = this.server.hosts;
    this.threads = this.server.threads;
    this.processNames = this.server.processNames;
    this.gauges = [
      ...this.server.gauges,
      { name: 'proxy_reading_count', kind: 'level', capacity: 1, read: () => this.reading },
    ];
  }

  connect(request: RequestId): void {
    const { kernel, requests } = this.site;
    const uploadNs = this.params.buffering ? requests.uploadNs[request]! : 0;
    this.reading++;
    this.connectTimers[request] ??= kernel.timer(this.connectKind, request);
    kernel.arm(this.connectTimers[request]!, kernel.nowNs() + uploadNs + this.requestNs);
  }

  departed(request: RequestId): void {
    const { kernel, requests } = this.site;
    const takesNs = this.responseNs + this.downloadNs(request);
    requests.partsNs[request * PARTS + Part.Io]! += takesNs;
    this.answerTimers[request] ??= kernel.timer(this.answerKind, request);
    kernel.arm(this.answerTimers[request]!, kernel.nowNs() + takesNs);
  }

  /** nginx closes the connection to the server when the client closes its own (proxy_ignore_client_abort off). */
  hangUp(request: RequestId): void {
    if (!this.isReading(request)) {
      this.server.hangUp?.(request);
      return;
    }
    this.site.kernel.disarm(this.connectTimers[request]!);
    this.reading--;
    this.site.requests.refused(request);
    this.site.clients.departed(request);
  }

  locate(request: RequestId): { process: number; thread: number } {
    const { process, thread } = this.site.requests;
    const own = { process: process[request]!, thread: thread[request]! };
    return this.isReading(request) ? own : (this.server.locate?.(request) ?? own);
  }

  /** The server has not heard of the request yet. */
  private isReading(request: RequestId): boolean {
    const timer = this.connectTimers[request];
    return timer !== undefined && this.site.kernel.isArmed(timer);
  }

  /** The proxy holds all of an answer for a slow client; an error is short. */
  private downloadNs(request: RequestId): number {
    const { downloadNs, requests } = this.site;
    if (downloadNs === null || requests.status[request] !== Status.Ok) return 0;
    return downloadNs[requests.classOf[request]!]!;
  }

  private passOn(request: RequestId): void {
    this.reading--;
    this.server.connect(request);
  }

  private answer(request: RequestId): void {
    this.site.clients.departed(request);
  }
}

function withoutKeptConnections(load: LoadSpec): LoadSpec {
  return load.kind === 'closed' ? { ...load, keepAlive: false } : load;
}
