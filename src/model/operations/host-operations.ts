import type { Kernel, Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import type { ProcessId } from '../entities/ids.js';
import type { HostControl } from '../processes/host-control.js';
import { ProcessState } from '../processes/processes.js';
import { Participation } from './participation.js';

const HostState = { Up: 0, Stopping: 1, Starting: 2, Lost: 3 } as const;
type HostState = (typeof HostState)[keyof typeof HostState];

/** Told whether the host is up again, or lost. */
export type WhenOver = (isUp: boolean) => void;

/**
 * What can be done to one host, and what becomes of it when several things are done at a time.
 *
 * ```
 * up -- full restart --> stopping: all drained -- all gone --> starting -- each has served --> up
 *  ^                        ^  |                                 |  |
 *  |                        +--|---- full restart: start over ---+  |
 *  |                           +--> lost <-- lose, from any state --+
 *  +------- starting <-- start --------+
 * ```
 * A server that is on its way down or up, or lost, hears no signal to replace its workers: the loops of the masters that would are over
 * (Puma's when it has been asked to stop, Unicorn's and gunicorn's when they wait for their last workers), and what comes up
 * has the new version. A restart of one that is on its way down is that restart, with the earlier of the two ends; of one that is on its way
 * up it starts over; of one that is lost it is over at once. What is lost does not come back by a restart.
 *
 * That a `reload` ends workers that boot too is what Unicorn's master does (QUIT to each); gunicorn's starts the new ones first.
 * @see puma/puma v7.2.1 lib/puma/cluster.rb: run, stop; defunkt/unicorn v6.1.0 lib/unicorn/http_server.rb: join, stop;
 * benoitc/gunicorn gunicorn/arbiter.py: stop, reload (their loops of stop read no HUP)
 */
export class HostOperations {
  /** Why the load balancer leaves the host out. */
  readonly participation: Participation;
  /** How often the host has come up. */
  ups: number;
  private readonly lookTimer: Timer;
  private state: HostState;
  private isSocketKept: boolean;
  /** Who waits until the host is up, or lost. */
  private waiting: WhenOver[];
  /** Processes that have served since the host began to start. */
  private readonly ready: Set<ProcessId>;

  constructor(
    private readonly kernel: Kernel,
    private readonly host: HostControl,
  ) {
    this.participation = new Participation(host);
    this.ups = 0;
    this.state = HostState.Up;
    this.isSocketKept = true;
    this.waiting = [];
    this.ready = new Set();
    const LOOK = kernel.define('operations.looks', Rank.Timer, () => this.look());
    this.lookTimer = kernel.timer(LOOK, this);
    host.processes.watch({
      ready: (process) => {
        if (this.state !== HostState.Starting) return;
        this.ready.add(process);
        this.later();
      },
      gone: () => this.later(),
    });
  }

  /** One process after the other is drained and replaced; the others serve meanwhile. */
  phasedRestart(withinNs: Nanos): void {
    if (this.state === HostState.Up) this.host.processes.replaceInTurn(withinNs);
  }

  /** All processes are drained at once, and each is replaced when it has ended. One that boots has nothing to finish. */
  reload(withinNs: Nanos): void {
    if (this.state !== HostState.Up) return;
    const { processes } = this.host;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) === ProcessState.Booting) processes.kill(process);
      else processes.drain(process, 'replaced', withinNs);
    }
  }

  /** All processes are drained at once; when all are gone the host starts from nothing. */
  fullRestart(withinNs: Nanos, isSocketKept: boolean, over: WhenOver): void {
    if (this.state === HostState.Lost) {
      over(false);
      return;
    }
    this.waiting.push(over);
    this.isSocketKept = isSocketKept && (this.isSocketKept || this.state !== HostState.Stopping);
    this.state = HostState.Stopping;
    const { processes } = this.host;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) === ProcessState.Booting) processes.kill(process, 'absent');
      else processes.drain(process, 'absent', withinNs);
    }
    this.later();
  }

  /** Everything on the host is gone at once. False: it was lost already. */
  lose(): boolean {
    if (this.state === HostState.Lost) return false;
    this.state = HostState.Lost;
    const { processes, door } = this.host;
    for (let process = 0; process < processes.count; process++) processes.kill(process, 'absent');
    door.closes();
    this.tell(false);
    return true;
  }

  /** A host that is lost starts from nothing; it listens, and takes part, when each of its processes has served. */
  start(over: WhenOver): void {
    this.waiting.push(over);
    this.starts();
  }

  private starts(): void {
    this.state = HostState.Starting;
    this.ready.clear();
    this.host.processes.startAll();
  }

  /** A process that has gone may be replaced in the same instant. */
  private later(): void {
    if (this.state !== HostState.Up) this.kernel.arm(this.lookTimer, this.kernel.nowNs());
  }

  private look(): void {
    const { door, processes } = this.host;
    if (this.state === HostState.Stopping && this.isAllGone()) {
      if (!this.isSocketKept) door.closes();
      this.starts();
    } else if (this.state === HostState.Starting && this.ready.size === processes.count) {
      this.state = HostState.Up;
      this.ups++;
      door.opens();
      this.tell(true);
    }
  }

  private isAllGone(): boolean {
    const { processes } = this.host;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) !== ProcessState.Absent) return false;
    }
    return true;
  }

  private tell(isUp: boolean): void {
    const told = this.waiting;
    this.waiting = [];
    for (const over of told) over(isUp);
  }
}
