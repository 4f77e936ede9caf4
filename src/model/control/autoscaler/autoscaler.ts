import type { Kernel, Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import type { Nanos } from '../../../kernel/time.js';
import type { AutoscalerSpec } from '../../control-spec.js';
import type { RequestId } from '../../entities/ids.js';
import { Level } from '../../entities/level.js';
import type { RequestTable } from '../../entities/requests.js';
import { type Gauge, Status } from '../../observations.js';
import { Recommendations, wantedHosts } from './wanted.js';

/** The hosts behind a balancer, as far as an autoscaler knows them. */
export interface ScaledHosts {
  /** Hosts that get requests, ascending; the autoscaler changes it. */
  readonly eligible: number[];
  /** Unanswered requests of each host. */
  readonly inFlight: Int32Array;
  /** Requests that one host works on at the same time. */
  readonly threadsPerHost: number;
  /** Core-time used by a host since 0, over its cores [ns]. */
  coreTimeNs(host: number): number;
}

const State = { Off: 0, Booting: 1, Ready: 2, Draining: 3 } as const;
type State = (typeof State)[keyof typeof State];

/**
 * Adds hosts behind the balancer, and takes them away, by a signal that it looks at every period.
 *
 * ```
 * off -- wanted --> booting -- boot time --> ready -- one too many --> draining -- last answer --> off
 *  ^                   |  not wanted any more
 *  +-------------------+
 * ```
 * A host that drains gets no new requests and answers those it has. All hosts exist from the start of the simulation and those
 * that are off get no requests: one that comes back finds the heap and the caches that it left, known to be too good. What
 * is paid for (`hosts_count`) are those that boot, are ready, or drain.
 * @see Kubernetes, Horizontal Pod Autoscaling (cpu, busy); Judoscale, HireFire (queue time)
 */
export class Autoscaler {
  readonly gauges: readonly Gauge[];
  private readonly state: State[];
  /** Hosts that somebody else has taken out of the balancer for a while. */
  private readonly isOut: Uint8Array;
  private readonly bootTimers: readonly Timer[];
  private readonly periodTimer: Timer;
  private readonly paid: Level;
  private readonly recommendations: Recommendations;
  private booting: number;
  private unanswered: Level;
  private arrivals: number;
  /** Queue times of the requests answered in the period [ns]. */
  private queueTimes: number[];
  private lastNs: Nanos;
  private lastUnanswered: number;
  private readonly lastCoreNs: number[];

  constructor(
    private readonly spec: AutoscalerSpec,
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly hosts: ScaledHosts,
  ) {
    const READY = kernel.define('autoscaler.host-ready', Rank.Timer, (host: number) => this.ready(host));
    const PERIOD = kernel.define('autoscaler.decides', Rank.Timer, () => this.decide());
    this.state = Array.from({ length: spec.max }, (_, host) =>
      hosts.eligible.includes(host) ? State.Ready : State.Off,
    );
    this.isOut = new Uint8Array(spec.max);
    this.bootTimers = this.state.map((_, host) => kernel.timer(READY, host));
    this.periodTimer = kernel.timer(PERIOD, this);
    this.paid = new Level(kernel);
    this.paid.add(hosts.eligible.length);
    this.recommendations = new Recommendations(spec.downAfterNs);
    this.booting = 0;
    this.unanswered = new Level(kernel);
    this.arrivals = 0;
    this.queueTimes = [];
    this.lastNs = 0;
    this.lastUnanswered = 0;
    this.lastCoreNs = this.state.map(() => 0);
    this.gauges = [{ name: 'hosts_count', kind: 'integral', capacity: 1, read: (nowNs) => this.paid.integral(nowNs) }];
  }

  /** A request goes to a host. */
  arrived(): void {
    this.arrivals++;
    this.unanswered.add(1);
    if (this.kernel.isArmed(this.periodTimer)) return;
    const { periodNs } = this.spec;
    const beganNs = Math.floor(this.kernel.nowNs() / periodNs) * periodNs;
    this.lastNs = Math.max(this.lastNs, beganNs); // nothing has happened since it last decided
    this.kernel.arm(this.periodTimer, beganNs + periodNs);
  }

  /** A host has answered a request; its number of unanswered ones is one less already. */
  answered(request: RequestId, host: number): void {
    const { status, appStartNs, arrivedNs } = this.requests;
    this.unanswered.add(-1);
    if (status[request] === Status.Ok) this.queueTimes.push(appStartNs[request]! - arrivedNs[request]!);
    if (this.state[host] === State.Draining && this.hosts.inFlight[host] === 0) this.off(host);
  }

  /**
   * A host is taken out of the balancer, or put in again, by those who deploy or find it gone. It stays one of those that the
   * autoscaler has; like one that boots, it counts as if it used nothing meanwhile.
   */
  takesPart(host: number, isIn: boolean): void {
    const { eligible } = this.hosts;
    this.isOut[host] = isIn ? 0 : 1;
    const at = eligible.indexOf(host);
    if (!isIn && at >= 0) eligible.splice(at, 1);
    if (isIn && at < 0 && this.state[host] === State.Ready) this.enter(host);
  }

  /** The host is lost: it is not one of those that the autoscaler has any more, and another one is to be had for it. */
  givesUp(host: number): void {
    if (this.state[host] === State.Booting) {
      this.kernel.disarm(this.bootTimers[host]!);
      this.booting--;
    } else if (this.state[host] !== State.Ready) return;
    this.leave(host);
  }

  /** Whether the host is one of those that it has. */
  has(host: number): boolean {
    return this.state[host] !== State.Off;
  }

  private decide(): void {
    const { min, max, signal, periodNs } = this.spec;
    const nowNs = this.kernel.nowNs();
    const ready = this.hosts.eligible.length;
    const owned = this.state.filter((state) => state === State.Ready).length;
    const all = owned + this.booting;
    // A host that is out for a deploy is no reason to wait, as one that boots is.
    const there = signal.kind === 'queue_time' ? owned : ready;
    const asked = wantedHosts(signal, this.readSignal(nowNs), there, all);
    const bounded = Math.min(max, Math.max(min, asked));
    const most = this.recommendations.most(nowNs, bounded);
    this.scale(bounded >= all ? bounded : Math.min(all, most), all);
    const isQuiet = this.arrivals === 0 && this.unanswered.value === 0 && this.booting === 0;
    this.arrivals = 0;
    // Nothing to do any more until somebody comes.
    if (!isQuiet || owned > min) this.kernel.arm(this.periodTimer, nowNs + periodNs);
  }

  /** The signal over the time since it was read last. */
  private readSignal(nowNs: Nanos): number {
    const { signal } = this.spec;
    const lengthNs = nowNs - this.lastNs;
    const unanswered = this.unanswered.integral(nowNs) - this.lastUnanswered;
    const cores = this.state.map((_, host) => this.hosts.coreTimeNs(host));
    const used = this.hosts.eligible.reduce((sum, host) => sum + cores[host]! - this.lastCoreNs[host]!, 0);
    const times = this.queueTimes;
    this.lastNs = nowNs;
    this.lastUnanswered += unanswered;
    cores.forEach((ns, host) => {
      this.lastCoreNs[host] = ns;
    });
    this.queueTimes = [];
    if (signal.kind === 'queue_time') return quantile(times, signal.share);
    const ready = Math.max(1, this.hosts.eligible.length);
    if (signal.kind === 'cpu') return used / lengthNs / ready;
    return unanswered / lengthNs / (ready * this.hosts.threadsPerHost);
  }

  private scale(wanted: number, all: number): void {
    for (let more = wanted - all; more > 0; more--) this.boot();
    for (let fewer = all - wanted; fewer > 0; fewer--) this.remove();
  }

  private boot(): void {
    const { state, kernel, spec, bootTimers } = this;
    const isThere = (of: State) => (one: State, host: number) => one === of && this.isOut[host] === 0;
    const idle = state.findIndex(isThere(State.Off));
    const host = idle === -1 ? state.findIndex(isThere(State.Draining)) : idle;
    if (host === -1) return; // all others are lost
    if (state[host] === State.Off) this.paid.add(1);
    state[host] = State.Booting;
    this.booting++;
    kernel.arm(bootTimers[host]!, kernel.nowNs() + spec.bootNs);
  }

  private ready(host: number): void {
    this.state[host] = State.Ready;
    this.booting--;
    if (this.isOut[host] === 0) this.enter(host);
  }

  private enter(host: number): void {
    const { eligible } = this.hosts;
    eligible.push(host);
    eligible.sort((a, b) => a - b);
  }

  /** One that boots, or else one that was taken out of the balancer, or else the last one. */
  private remove(): void {
    const { state, hosts } = this;
    const booting = state.lastIndexOf(State.Booting);
    if (booting !== -1) {
      this.kernel.disarm(this.bootTimers[booting]!);
      this.booting--;
      this.leave(booting);
      return;
    }
    const out = state.findIndex((of, host) => of === State.Ready && this.isOut[host] === 1);
    this.leave(out === -1 ? hosts.eligible.pop()! : out);
  }

  private leave(host: number): void {
    this.state[host] = State.Draining;
    if (this.hosts.inFlight[host] === 0) this.off(host);
  }

  private off(host: number): void {
    this.state[host] = State.Off;
    this.paid.add(-1);
  }
}

/** Nearest rank; 0 if there are none. */
function quantile(values: number[], share: number): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[Math.ceil(share * values.length) - 1]!;
}
