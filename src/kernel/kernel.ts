import type { EventList } from './event-list.js';
import { Fingerprint } from './fingerprint.js';
import { LinkedList } from './linked-list.js';
import type { Rank } from './ranks.js';
import type { Nanos } from './time.js';
import { type Handler, Timer } from './timer.js';

export { type Handler, NO_TIMER, type Timer } from './timer.js';

/** A kind of event; `S` is what its events are about. */
export type EventKind<S> = number & { readonly subject?: S };

/** Sees every event just before it happens. */
export type TraceObserver = (nowNs: Nanos, kind: string, subject: unknown) => void;

/**
 * Clock, calendar and run loop; knows nothing of Ruby.
 *
 * Mechanisms define *kinds* of events with their handlers and own *timers*: alarm clocks made once for each (kind,
 * subject), armed for at most one time at once. So a handle can never be stale, nothing is allocated per event, and
 * moving an event is arming its timer again.
 *
 * Events run in the order of (time, rank, serial); the serial counts armings.
 *
 * Times do not travel as arguments on the hot path but through `nowNs()` and the timers: V8 puts a fractional
 * number that is passed to a function it does not inline into a fresh heap object, which cost half of the run time.
 */
export class Kernel {
  /** Executed events. */
  events: number;
  private readonly names: string[];
  private readonly ranks: Rank[];
  private readonly handlers: Handler<unknown>[];
  private timers: number;
  private list: EventList;
  private now: Nanos;
  private isStopping: boolean;
  private readonly hash: Fingerprint;
  private observer: TraceObserver | null;

  constructor() {
    this.events = 0;
    this.names = [];
    this.ranks = [];
    this.handlers = [];
    this.timers = 0;
    this.list = new LinkedList();
    this.now = Number.NaN; // fractional from the start (docs/decisions/0011)
    this.now = 0;
    this.isStopping = false;
    this.hash = new Fingerprint();
    this.observer = null;
  }

  /** Defines a kind of event, e.g. `gvl.tick`. At assembly time only. */
  define<S>(name: string, rank: Rank, handler: Handler<S>): EventKind<S> {
    this.names.push(name);
    this.ranks.push(rank);
    return this.handlers.push(handler as Handler<unknown>) - 1;
  }

  /** Makes a timer, disarmed. */
  timer<S>(kind: EventKind<S>, subject: S): Timer {
    const rank = this.ranks[kind];
    if (rank === undefined) throw new RangeError(`no event kind ${kind}`);
    return new Timer(this.timers++, this.names[kind]!, this.handlers[kind]!, subject, rank);
  }

  /**
   * Sets the timer to go off at `atNs`; a timer that is armed already is moved.
   * @throws RangeError if `atNs` is not a number or lies in the past
   */
  arm(timer: Timer, atNs: Nanos): void {
    timer.atNs = atNs;
    this.enlist(timer);
  }

  /** The timer will not go off. No effect if it is not armed. */
  disarm(timer: Timer): void {
    if (timer.isArmed) this.list.remove(timer);
  }

  isArmed(timer: Timer): boolean {
    return timer.isArmed;
  }

  nowNs(): Nanos {
    return this.now;
  }

  /** Ends `runUntil` after the event that is being executed. */
  stop(): void {
    this.isStopping = true;
  }

  /** Executes the events up to and including `endNs`; the clock ends there unless the events ran out or were stopped. */
  runUntil(endNs: Nanos): 'end' | 'no events' | 'stopped' {
    this.isStopping = false;
    if (this.observer === null) this.loop(endNs);
    else this.tracedLoop(endNs, this.observer);
    if (this.isStopping) return 'stopped';
    if (this.list.size === 0) return 'no events';
    if (endNs > this.now) this.now = endNs;
    return 'end';
  }

  /** Reports every event before it happens, from the next `runUntil` on; null ends it. Costs nothing when off. */
  trace(observer: TraceObserver | null): void {
    this.observer = observer;
  }

  /** Hash of all executed events: 16 hexadecimal digits. */
  fingerprint(): string {
    return this.hash.hex();
  }

  private enlist(timer: Timer): void {
    const { list } = this;
    if (timer.isArmed) list.remove(timer);
    if (!(timer.atNs >= this.now)) throw new RangeError(this.badTime(timer));
    list.insert(timer);
    if (list.isOutgrown) this.list = list.successor();
  }

  private loop(endNs: Nanos): void {
    const { hash } = this;
    let executed = 0;
    while (this.list.size > 0) {
      const list = this.list; // changes when another kind takes over
      const timer = list.first();
      const at = timer.atNs;
      if (at > endNs) break;
      list.removeFirst();
      this.now = at;
      executed++;
      hash.add(at, timer.id);
      timer.handler(timer.subject);
      if (this.isStopping) break;
    }
    this.events += executed;
  }

  private tracedLoop(endNs: Nanos, observer: TraceObserver): void {
    while (this.list.size > 0 && !this.isStopping) {
      const timer = this.list.first();
      const at = timer.atNs;
      if (at > endNs) break;
      this.list.removeFirst();
      this.now = at;
      this.events++;
      this.hash.add(at, timer.id);
      observer(at, timer.kind, timer.subject);
      timer.handler(timer.subject);
    }
  }

  private badTime(timer: Timer): string {
    const what = `${timer.kind} of ${String(timer.subject)}`;
    return `at ${this.now} ns: ${what} was to happen at ${timer.atNs} ns`;
  }
}
