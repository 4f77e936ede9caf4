import type { Streams } from '../../../random/streams.js';
import { Autoscaler } from '../../control/autoscaler/autoscaler.js';
import type { AutoscalerSpec } from '../../control-spec.js';
import { NOBODY, type RequestId } from '../../entities/ids.js';
import type { Threads } from '../../entities/thread.js';
import type { Gauge } from '../../observations.js';
import type { HostControl } from '../../processes/host-control.js';
import { processesOfAll } from '../../processes/processes.js';
import type { Clients, Server, Site } from '../../servers/server.js';
import { siteOf } from '../../site.js';
import type { BalancerSpec } from '../../spec.js';
import { createBalancePolicy } from './policies/index.js';
import type { BalancePolicy, BalancerView } from './policies/policy.js';

/** A host behind the balancer. */
interface Member {
  readonly server: Server;
  /** Number of its first process and first thread among those of all hosts. */
  readonly firstProcess: number;
  readonly firstThread: number;
}

/** An autoscaler, and the requests that one host works on at the same time. */
export interface Scaling {
  readonly spec: AutoscalerSpec;
  readonly threadsPerHost: number;
}

/**
 * A load balancer and the hosts behind it, which look to the clients like one server.
 *
 * ```
 * client --> balancer -- choose(unanswered by host) --> listen socket of one host --> its workers
 *    ^          |                                                                        |
 *    +----------+<------------------------- answer (one unanswered less) ----------------+
 * ```
 * Every request comes to a host on a connection of its own and stays there: what a host has accepted another one cannot
 * take, however idle it is. With an autoscaler only some of them take part at a time. The balancer knows what it has sent and what has been answered, at once; its own work and
 * the network take no time. What is told of memory is of host 0; the others have as much and are limited as it is. Hosts have cores, locks, listen queues and random streams of their own.
 */
export class Fleet implements Server, BalancerView {
  readonly processes: Server['processes'];
  readonly hosts: readonly HostControl[];
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
  private readonly members: readonly Member[];
  private readonly policy: BalancePolicy;
  readonly inFlight: Int32Array;
  readonly eligible: number[];
  private readonly autoscaler: Autoscaler | null;
  /** Host that has each request, by slot; NOBODY when it is done with it. */
  private readonly hostOf: number[];

  /** @param assemble builds the server of one host */
  constructor(
    params: BalancerSpec,
    private readonly site: Site,
    assemble: (site: Site) => Server,
    scaling: Scaling | null = null,
  ) {
    const { balance } = params;
    const hosts = scaling?.spec.max ?? params.hosts;
    this.policy = createBalancePolicy(balance, site.streams.open('load-balancer'));
    this.inFlight = new Int32Array(hosts);
    const all = Array.from({ length: hosts }, (_, host) => host);
    this.eligible = all.slice(0, params.hosts);
    this.hostOf = [];
    let firstProcess = 0;
    let firstThread = 0;
    this.members = all.map((host) => {
      const memory = host === 0 || site.memory === null ? site.memory : site.memory.unmetered();
      const server = assemble(
        siteOf({ ...site, memory, streams: streamsOf(host, site.streams), clients: this.clientsOf(host) }),
      );
      const member: Member = { server, firstProcess, firstThread };
      firstProcess += server.threads.length;
      firstThread += server.threads.flat().length;
      return member;
    });
    const servers = this.members.map(({ server }) => server);
    this.threads = servers.flatMap(({ threads }) => threads);
    this.processNames = servers.flatMap(({ processNames }, host) => processNames.map((name) => `host-${host}/${name}`));
    this.processes = processesOfAll(servers.map(({ processes }) => processes));
    this.hosts = servers.flatMap(({ processes, door, silence }, host) =>
      processes === undefined || door === undefined
        ? []
        : [
            {
              processes,
              door,
              ...(silence !== undefined && { silence }),
              takesPart: (isIn: boolean) => this.takesPart(host, isIn),
              isGivenUp: () => this.autoscaler?.givesUp(host),
              isInUse: () => this.autoscaler?.has(host) ?? true,
            },
          ],
    );
    this.autoscaler = scaling === null ? null : this.scaled(scaling, servers);
    this.gauges = [...summed(servers.map(({ gauges }) => gauges)), ...(this.autoscaler?.gauges ?? [])];
  }

  connect(request: RequestId): void {
    if (this.eligible.length === 0) {
      this.hostOf[request] = NOBODY;
      this.site.requests.refused(request);
      this.site.clients.departed(request);
      return;
    }
    const host = this.policy.choose(this);
    this.hostOf[request] = host;
    this.inFlight[host]!++;
    this.autoscaler?.arrived();
    this.members[host]!.server.connect(request);
  }

  hangUp(request: RequestId): void {
    const host = this.hostOf[request]!;
    if (host !== NOBODY) this.members[host]!.server.hangUp?.(request);
  }

  locate(request: RequestId): { process: number; thread: number } {
    const { process, thread } = this.site.requests;
    const host = this.hostOf[request]!;
    if (host === NOBODY) return { process: process[request]!, thread: thread[request]! };
    const { firstProcess, firstThread } = this.members[host]!;
    return {
      process: process[request]! < 0 ? NOBODY : process[request]! + firstProcess,
      thread: thread[request]! < 0 ? NOBODY : thread[request]! + firstThread,
    };
  }

  private takesPart(host: number, isIn: boolean): void {
    if (this.autoscaler !== null) {
      this.autoscaler.takesPart(host, isIn);
      return;
    }
    const at = this.eligible.indexOf(host);
    if (!isIn && at >= 0) this.eligible.splice(at, 1);
    if (!isIn || at >= 0) return;
    this.eligible.push(host);
    this.eligible.sort((a, b) => a - b);
  }

  private scaled({ spec, threadsPerHost }: Scaling, servers: readonly Server[]): Autoscaler {
    const { kernel, requests } = this.site;
    const cores = servers.map(({ gauges }) => gauges.find(({ name }) => name === 'core_utilisation_ratio')!);
    return new Autoscaler(spec, kernel, requests, {
      eligible: this.eligible,
      inFlight: this.inFlight,
      threadsPerHost,
      coreTimeNs: (host) => cores[host]!.read(kernel.nowNs()) / cores[host]!.capacity,
    });
  }

  private clientsOf(host: number): Clients {
    return {
      departed: (request) => {
        this.inFlight[host]!--;
        this.autoscaler?.answered(request, host);
        this.name(request);
        this.hostOf[request] = NOBODY;
        this.site.clients.departed(request);
      },
    };
  }

  /** Hosts number their processes and threads from 0; the departing request shows them in the order of all hosts. */
  private name(request: RequestId): void {
    const { process, thread } = this.locate(request);
    this.site.requests.process[request] = process;
    this.site.requests.thread[request] = thread;
  }
}

function streamsOf(host: number, streams: Streams): Streams {
  return { open: (name) => streams.open(`host-${host}/${name}`) };
}

/** Hosts are alike, so they have the same gauges in the same order: levels and integrals of all hosts together. */
function summed(gauges: readonly (readonly Gauge[])[]): Gauge[] {
  return gauges[0]!.map((first, g) => {
    const same = gauges.map((ofHost) => ofHost[g]!);
    return {
      name: first.name,
      kind: first.kind,
      capacity: first.kind === 'integral' ? same.reduce((sum, { capacity }) => sum + capacity, 0) : first.capacity,
      read: (nowNs) => same.reduce((sum, gauge) => sum + gauge.read(nowNs), 0),
    };
  });
}
