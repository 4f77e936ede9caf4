import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import type { RequestId } from '../entities/ids.js';
import { Level } from '../entities/level.js';
import type { RequestTable } from '../entities/requests.js';
import type { Observer } from '../observations.js';
import type { Clients, Server } from '../servers/server.js';
import type { Demands } from './demands.js';

/** When the load ends. Requests in the system at that time are served to the end. */
export interface LoadLimits {
  /** Arrivals after which no more come; Infinity = no limit. */
  readonly requests: number;
  /** Simulated time after which no more arrive [ns]; Infinity = no limit. */
  readonly durationNs: Nanos;
}

/** Told when a request of a closed load has been answered. */
export type DepartureHook = (user: number) => void;

/**
 * Everybody who is in the system: lets requests in, up to the limits of the run, and sees them off.
 *
 * ```
 * outside -- arrives, or comes again --> in the system -- departed --> outside: a user of a closed load is told
 *                                             `-- left: the attempt is over, its user will come again
 * ```
 */
export class Population implements Clients {
  arrived: number;
  private server: Pick<Server, 'connect'> | null;
  private hook: DepartureHook | null;
  private readonly inside: Level;

  constructor(
    readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly demands: Demands,
    private readonly limits: LoadLimits,
    private readonly observer: Observer,
  ) {
    this.arrived = 0;
    this.server = null;
    this.hook = null;
    this.inside = new Level(kernel);
  }

  /** @param server where requests go */
  attach(server: Pick<Server, 'connect'>, hook: DepartureHook | null): void {
    this.server = server;
    this.hook = hook;
  }

  get inSystem(): number {
    return this.inside.value;
  }

  inSystemIntegral(nowNs: Nanos): number {
    return this.inside.integral(nowNs);
  }

  /** Whether a request that comes at `atNs` still belongs to the run. */
  admits(atNs: Nanos): boolean {
    return this.arrived < this.limits.requests && atNs < this.limits.durationNs;
  }

  /** A request arrives; false if the recorded demands are used up. */
  arrive(user: number): boolean {
    const request = this.requests.take(this.arrived);
    if (!this.demands.draw(request, this.requests)) {
      this.requests.release(request);
      return false;
    }
    this.arrived++;
    this.requests.user[request] = user;
    this.inside.add(1);
    this.server!.connect(request);
    return true;
  }

  departed(request: RequestId): void {
    this.inside.add(-1);
    this.observer.departed(request, this.kernel.nowNs());
    const user = this.requests.user[request]!;
    this.requests.release(request);
    if (this.hook !== null) this.hook(user);
  }

  /** The attempt is over, but its user is not done with it: another one will come. */
  left(request: RequestId): void {
    this.inside.add(-1);
    this.observer.departed(request, this.kernel.nowNs());
    this.requests.release(request);
  }

  /** A request that is known already comes (again). */
  comes(request: RequestId): void {
    this.requests.arrivedNs[request] = this.kernel.nowNs();
    this.requests.ordinal[request] = this.arrived++;
    this.inside.add(1);
  }
}
