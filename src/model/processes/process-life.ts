import type { Timer } from '../../kernel/kernel.js';
import { Rank } from '../../kernel/ranks.js';
import type { Nanos } from '../../kernel/time.js';
import { NOBODY, type ProcessId } from '../entities/ids.js';
import type { Thread, ThreadOwner } from '../entities/thread.js';
import { Part } from '../observations.js';
import type { Runtime } from '../runtimes/runtime.js';
import type { Site } from '../site.js';
import { type Afterwards, type Processes, ProcessState, type ProcessWatcher } from './processes.js';
import { RollingReplacement } from './rolling-replacement.js';

/** What a server does when its processes come and go. */
export interface Premises {
  /** A new process, all of whose threads are outside the lock, begins to accept. */
  opens(process: ProcessId): void;
  /**
   * The process accepts nothing from now on. May be called while one of its threads reports: threads are not to be run
   * or blocked here. `ProcessLife.emptied` is to be called whenever it may have done with everything.
   */
  closes(process: ProcessId): void;
  /** The process takes nothing new, but is not to end. Left out: there is no such thing. Threads are not to be run here either. */
  quiets?(process: ProcessId): void;
  /** Nothing is left that a client waits for. */
  isEmpty(process: ProcessId): boolean;
  /** The process is gone, its execution has been stopped: what it had accepted is lost, its timers are disarmed. */
  vanishes(process: ProcessId): void;
}

export interface BootTimes {
  /** From the end of a process to the first instruction of its replacement: reaping, fork [ns]. */
  readonly forkNs: Nanos;
  /** CPU time of loading the application in the new process; 0 if it was loaded before the fork [ns]. */
  readonly loadNs: Nanos;
  /** The same in process 0, from which the others are forked; left out: as in all. */
  readonly firstLoadNs?: Nanos;
  /** CPU time of loading the application in the master before it forks; 0 if it does not [ns]. */
  readonly masterLoadNs: Nanos;
  /** The server itself kills a process that has not ended so long after it was asked to [ns]; left out: never. */
  readonly drainNs?: Nanos;
}

/** Who forks processes that do not come from a master that can do so at any time. */
export interface Parent {
  /** A process is to be forked. True: it has to wait until `ProcessLife.fork` is called; false: it need not. */
  forks(process: ProcessId): boolean;
}

/**
 * How the processes of a server live and die; the listening socket outlives them.
 *
 * ```
 * absent -- start --> booting: fork, then the application is loaded on a core -- ready --> serving
 *                        ^                                                                   | drain
 *                        |                                                                   v
 *   absent <-- ended ----+---- replaced <-- ended: empty, or killed in the end <------- draining
 *                        +---- replaced or absent <-- kill, from any state
 * ```
 * A process can also be stopped, and go on later: as long as it stands still it counts as booting.
 * A new process knows nothing of the one before: lock, heap, memory and compiled code begin anew.
 */
export class ProcessLife implements Processes, ThreadOwner {
  private readonly states: Uint8Array;
  private readonly isReplaced: Uint8Array;
  private readonly bootTimers: readonly Timer[];
  private readonly exitTimers: readonly Timer[];
  private readonly killTimers: readonly Timer[];
  private readonly watchers: ProcessWatcher[];
  /** The process in whose place the master is loading the application; the others are forked when that is done. */
  private loader: ProcessId;
  /** Who is told when a process that drains in order to stop has done so, by process. */
  private readonly stops: Map<ProcessId, () => void>;
  /** Processes that stand still. */
  private readonly stopped: Set<ProcessId>;
  /** Null until it is wanted. */
  private rolling: RollingReplacement | null;

  /** @param parent left out: processes are forked when they are wanted */
  constructor(
    private readonly site: Site,
    private readonly runtime: Runtime,
    private readonly times: BootTimes,
    private readonly premises: Premises,
    private readonly parent: Parent | null = null,
  ) {
    const { kernel } = site;
    const places = runtime.threads.map((_, process) => process);
    this.states = new Uint8Array(places.length).fill(ProcessState.Serving);
    this.isReplaced = new Uint8Array(places.length).fill(1);
    this.watchers = [];
    this.loader = NOBODY;
    this.stops = new Map();
    this.stopped = new Set();
    this.rolling = null;
    const timers = (name: string, act: (process: ProcessId) => void): Timer[] => {
      const kind = kernel.define(`process.${name}`, Rank.Timer, act);
      return places.map((process) => kernel.timer(kind, process));
    };
    runtime.rackTimeout?.attach((process) => this.retire(process));
    this.bootTimers = timers('forked', (process) => this.load(process));
    this.exitTimers = timers('exits', (process) => this.exit(process));
    this.killTimers = timers('killed', (process) => this.kill(process));
  }

  get count(): number {
    return this.states.length;
  }

  stateOf(process: ProcessId): ProcessState {
    return this.states[process] as ProcessState;
  }

  isStopped(process: ProcessId): boolean {
    return this.stopped.has(process);
  }

  isDraining(process: ProcessId): boolean {
    return this.states[process] === ProcessState.Draining;
  }

  /** The process was asked to end, and has not yet: it does not only drain in order to be stopped. */
  isLeaving(process: ProcessId): boolean {
    return this.isDraining(process) && !this.stops.has(process);
  }

  watch(watcher: ProcessWatcher): void {
    this.watchers.push(watcher);
  }

  start(process: ProcessId): void {
    if (this.states[process] === ProcessState.Absent) this.begin(process);
  }

  startAll(): void {
    if (this.times.masterLoadNs === 0) this.startOthers();
    else {
      this.loader = 0;
      this.start(0);
    }
  }

  quiet(process: ProcessId): void {
    if (this.states[process] === ProcessState.Serving) this.premises.quiets?.(process);
  }

  drain(process: ProcessId, afterwards: Afterwards, withinNs = Number.POSITIVE_INFINITY): void {
    const state = this.states[process];
    if (state !== ProcessState.Serving && state !== ProcessState.Draining) return;
    if (afterwards === 'absent') this.isReplaced[process] = 0;
    this.stops.delete(process);
    const ownNs = this.times.drainNs ?? Number.POSITIVE_INFINITY;
    this.killsBy(process, this.site.kernel.nowNs() + Math.min(withinNs, ownNs));
    if (state === ProcessState.Draining) return;
    this.states[process] = ProcessState.Draining;
    this.premises.closes(process);
    this.emptied(process);
  }

  /**
   * The process is to make room for another one, for a reason of its own: its age, its size, its timeouts. No effect on one that was
   * asked to end before: what comes after that has been decided.
   *
   * @param withinNs killed after this time; left out: as with `drain`
   */
  retire(process: ProcessId, withinNs?: number): void {
    if (!this.isLeaving(process)) this.drain(process, 'replaced', withinNs);
  }

  /** @param first processes before this one are left as they are */
  replaceInTurn(withinNs: Nanos, first: ProcessId = 0): void {
    this.rolling ??= new RollingReplacement(this.site.kernel, this);
    this.rolling.begin(withinNs, first);
  }

  kill(process: ProcessId, afterwards?: Afterwards): void {
    const state = this.states[process]!;
    if (state === ProcessState.Absent) return;
    if (afterwards !== undefined) this.isReplaced[process] = afterwards === 'replaced' ? 1 : 0;
    this.states[process] = ProcessState.Absent;
    this.stops.delete(process);
    this.stopped.delete(process);
    for (const timers of [this.bootTimers, this.exitTimers, this.killTimers]) this.site.kernel.disarm(timers[process]!);
    this.runtime.execution.kill(process);
    this.runtime.rackTimeout?.stopped(process);
    this.premises.vanishes(process);
    for (const watcher of this.watchers) watcher.gone?.(process);
    const isReplaced = this.isReplaced[process] === 1;
    this.isReplaced[process] = 1;
    if (isReplaced) this.start(process);
  }

  /** The process may have done with everything: one that drains ends when that is so. */
  emptied(process: ProcessId): void {
    if (!this.isDraining(process) || !this.premises.isEmpty(process)) return;
    this.site.kernel.arm(this.exitTimers[process]!, this.site.kernel.nowNs());
  }

  /** The application is loaded. */
  executed(thread: Thread): void {
    this.runtime.execution.block(thread, Part.Queue);
    this.serve(thread.process);
  }

  /** Looked at again when everything else of this instant has happened: work may have come that had been accepted before. */
  private exit(process: ProcessId): void {
    if (!this.premises.isEmpty(process)) return;
    const standsStill = this.stops.get(process);
    if (standsStill === undefined) {
      this.kill(process);
      return;
    }
    this.stops.delete(process);
    this.stopped.add(process);
    this.states[process] = ProcessState.Booting;
    this.runtime.execution.kill(process);
    this.runtime.rackTimeout?.stopped(process);
    this.premises.vanishes(process);
    standsStill();
  }

  /** A process that serves finishes what it has, and then stands still until `resume`: its threads end, it does not. */
  stop(process: ProcessId, stopped: () => void): void {
    this.states[process] = ProcessState.Draining;
    this.stops.set(process, stopped);
    this.premises.closes(process);
    this.emptied(process);
  }

  /** A process that was stopped serves again. */
  resume(process: ProcessId): void {
    this.stopped.delete(process);
    this.serve(process);
  }

  /** The parent forks a process that has waited for it. */
  fork(process: ProcessId): void {
    if (this.states[process] !== ProcessState.Booting) return;
    this.runtime.memory?.replace(process);
    this.forked(process);
  }

  private begin(process: ProcessId): void {
    this.states[process] = ProcessState.Booting;
    this.runtime.renew(process);
    if (this.parent?.forks(process) !== true) this.forked(process);
  }

  private forked(process: ProcessId): void {
    const { kernel } = this.site;
    kernel.arm(this.bootTimers[process]!, kernel.nowNs() + this.times.forkNs);
  }

  private load(process: ProcessId): void {
    const { loadNs: othersNs, firstLoadNs = othersNs, masterLoadNs } = this.times;
    const ownNs = process === 0 ? firstLoadNs : othersNs;
    const loadNs = process === this.loader ? masterLoadNs : ownNs;
    if (loadNs === 0) {
      this.serve(process);
      return;
    }
    const thread = this.runtime.threads[process]![0]!;
    thread.owner = this;
    this.runtime.execution.allocates(thread, 0, 0);
    this.runtime.execution.run(thread, loadNs);
  }

  private serve(process: ProcessId): void {
    this.states[process] = ProcessState.Serving;
    this.premises.opens(process);
    for (const watcher of this.watchers) watcher.ready?.(process);
    if (process !== this.loader) return;
    this.loader = NOBODY;
    this.startOthers();
  }

  private startOthers(): void {
    for (let process = 0; process < this.count; process++) this.start(process);
  }

  private killsBy(process: ProcessId, atNs: Nanos): void {
    const timer = this.killTimers[process]!;
    const { kernel } = this.site;
    if (atNs === Number.POSITIVE_INFINITY || (kernel.isArmed(timer) && timer.atNs <= atNs)) return;
    kernel.arm(timer, atNs);
  }
}
