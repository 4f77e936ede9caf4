import type { Timer } from '../../../kernel/kernel.js';
import { Rank } from '../../../kernel/ranks.js';
import { NOBODY, type ProcessId, type RequestId } from '../../entities/ids.js';
import type { Thread } from '../../entities/thread.js';
import { Part } from '../../observations.js';
import type { Door } from '../../processes/host-control.js';
import { type Premises, ProcessLife } from '../../processes/process-life.js';
import type { Processes } from '../../processes/processes.js';
import type { Site } from '../server.js';
import { IdealServer } from './ideal-server.js';
import type { IdealParams } from './params.js';

/**
 * The ideal server whose processes come and go: a new one is there at once. The queue outlives them, as a listening socket does; it
 * is lost with the host, which refuses whoever comes then.
 *
 * ```
 * open: a free thread takes the head of the queue -- closes --> closed: its threads take nothing more, and count as busy
 *   ^                                                              |
 *   +-- opens; who waits is handed out by load  <-- vanishes ------+  (killed while it is open, too)
 * ```
 */
export class OperatedIdeal extends IdealServer implements Premises {
  readonly door: Door;
  private readonly life: ProcessLife;
  private readonly isClosed: Uint8Array;
  private isListening: boolean;
  /** Threads of each process that is closed, or gone, which work on nothing. */
  private readonly idle: readonly Set<Thread>[];
  private readonly handOutTimer: Timer;

  constructor(params: IdealParams, site: Site) {
    super(params, site);
    this.isClosed = new Uint8Array(this.threads.length);
    this.isListening = true;
    this.idle = this.threads.map(() => new Set());
    const { kernel } = site;
    this.handOutTimer = kernel.timer(
      kernel.define('ideal.hands-out', Rank.Timer, () => this.handsOut()),
      this,
    );
    this.door = { closes: () => this.refuses(), opens: () => void (this.isListening = true) };
    this.life = new ProcessLife(site, this.runtime, { forkNs: 0, loadNs: 0, masterLoadNs: 0 }, this);
  }

  get processes(): Processes {
    return this.life;
  }

  override connect(request: RequestId): void {
    if (!this.isListening) {
      this.site.requests.refused(request);
      this.site.clients.departed(request);
    } else if (this.queue.size > 0) {
      this.site.requests.accepted(request); // a process may have opened in this instant, but others come first
      this.queue.push(request);
    } else super.connect(request);
  }

  override finished(thread: Thread): void {
    const { process } = thread;
    if (this.isClosed[process] === 0) {
      super.finished(thread);
      return;
    }
    this.runtime.execution.block(thread, Part.Queue);
    this.busy--;
    this.idle[process]!.add(thread);
    this.life.emptied(process);
  }

  opens(process: ProcessId): void {
    this.isClosed[process] = 0;
    this.idle[process]!.clear();
    for (const thread of this.threads[process]!) {
      thread.owner = this.runner;
      this.free[process]!.push(thread);
      this.load.change(process, -1);
    }
    this.site.kernel.arm(this.handOutTimer, this.site.kernel.nowNs());
  }

  /** When all processes that open in this instant have done so: none of them is to have the whole queue. */
  private handsOut(): void {
    while (this.queue.size > 0) {
      const process = this.load.leastBusy();
      if (process === NOBODY) return;
      this.serves(process, this.queue.shift());
    }
  }

  closes(process: ProcessId): void {
    this.isClosed[process] = 1;
    for (const thread of this.free[process]!.splice(0)) {
      this.load.change(process, 1);
      this.idle[process]!.add(thread);
    }
  }

  isEmpty(process: ProcessId): boolean {
    return this.idle[process]!.size === this.threads[process]!.length;
  }

  vanishes(process: ProcessId): void {
    this.closes(process);
    for (const thread of this.threads[process]!) {
      if (this.idle[process]!.has(thread)) continue;
      this.idle[process]!.add(thread);
      this.busy--;
      const request = this.runner.kill(thread);
      if (request !== NOBODY) this.site.clients.departed(request);
    }
  }

  /** Nobody listens: who waits is turned away. */
  private refuses(): void {
    this.isListening = false;
    while (this.queue.size > 0) {
      const request = this.queue.shift();
      this.site.requests.lost(request, NOBODY);
      this.site.clients.departed(request);
    }
  }
}
