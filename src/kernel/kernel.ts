import type { EventList, TimerId } from './event-list.js';
import { Fingerprint } from './fingerprint.js';
import { HeapList } from './heap-list.js';
import { Rank } from './ranks.js';
import { SortedList } from './sorted-list.js';
import type { Nanos } from './time.js';

export type { TimerId } from './event-list.js';
export type EventKind = number;

/** Does what an event does. `subject` says to whom: a thread, a process, a request, whatever the kind means. */
export type Handler = (subject: number, nowNs: Nanos) => void;

/** Sees every event just before it happens. */
export type TraceObserver = (nowNs: Nanos, kind: string, subject: number) => void;

/** Above this many armed timers the heap is faster than the sorted array (measured: they cross between 24 and 48). */
const SORTED_LIST_LIMIT = 32;

/** Serials stay below 2^48 (one a nanosecond for three days), so that rank and serial fit one exact double. */
const RANK_STEP = 2 ** 48;

/**
 * Clock, calendar and run loop; knows nothing of Ruby.
 *
 * Mechanisms define *kinds* of events with their handlers and own *timers*: alarm clocks made once for each (kind,
 * subject), armed for at most one time at once. So a handle can never be stale, nothing is allocated per event, and
 * moving an event is arming its timer again.
 *
 * Events run in the order of (time, rank, serial); the serial counts armings.
 */
export class Kernel {
  /** Executed events. */
  events: number;
  private readonly names: string[];
  private readonly ranks: Rank[];
  private readonly handlers: Handler[];
  private kindOf: Int32Array;
  private subjectOf: Int32Array;
  private rankOf: Float64Array;
  private timers: number;
  private list: EventList;
  private serial: number;
  private now: Nanos;
  private stopping: boolean;
  private readonly hash: Fingerprint;
  private observer: TraceObserver | null;

  constructor() {
    this.events = 0;
    this.names = [];
    this.ranks = [];
    this.handlers = [];
    this.kindOf = new Int32Array(64);
    this.subjectOf = new Int32Array(64);
    this.rankOf = new Float64Array(64);
    this.timers = 0;
    this.list = new SortedList();
    this.serial = 0;
    this.now = 0;
    this.stopping = false;
    this.hash = new Fingerprint();
    this.observer = null;
  }

  /** Defines a kind of event, e.g. `gvl.tick`. At assembly time only. */
  define(name: string, rank: Rank, handler: Handler): EventKind {
    this.names.push(name);
    this.ranks.push(rank);
    return this.handlers.push(handler) - 1;
  }

  /** Makes a timer, disarmed. */
  timer(kind: EventKind, subject: number): TimerId {
    if (kind < 0 || kind >= this.handlers.length) throw new RangeError(`no event kind ${kind}`);
    const timer = this.timers++;
    if (timer === this.kindOf.length) this.grow();
    this.kindOf[timer] = kind;
    this.subjectOf[timer] = subject;
    this.rankOf[timer] = this.ranks[kind]! * RANK_STEP;
    this.list.reserve(this.timers);
    return timer;
  }

  /**
   * Sets the timer to go off at `atNs`; a timer that is armed already is moved.
   * @throws RangeError if `atNs` is not a number or lies in the past
   */
  arm(timer: TimerId, atNs: Nanos): void {
    if (!(atNs >= this.now)) throw new RangeError(this.badTime(timer, atNs));
    const list = this.list;
    if (list.has(timer)) list.remove(timer);
    list.insert(timer, atNs, this.rankOf[timer]! + this.serial++);
    if (list.size > SORTED_LIST_LIMIT && list instanceof SortedList) this.list = list.movedTo(new HeapList());
  }

  /** The timer will not go off. No effect if it is not armed. */
  disarm(timer: TimerId): void {
    if (this.list.has(timer)) this.list.remove(timer);
  }

  isArmed(timer: TimerId): boolean {
    return this.list.has(timer);
  }

  nowNs(): Nanos {
    return this.now;
  }

  /** Ends `runUntil` after the event that is being executed. */
  stop(): void {
    this.stopping = true;
  }

  /** Executes the events up to and including `endNs`; the clock ends there unless the events ran out or were stopped. */
  runUntil(endNs: Nanos): 'end' | 'no events' | 'stopped' {
    this.stopping = false;
    if (this.observer === null) this.loop(endNs);
    else this.tracedLoop(endNs, this.observer);
    if (this.stopping) return 'stopped';
    if (this.list.size === 0) return 'no events';
    this.now = endNs;
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

  private loop(endNs: Nanos): void {
    const { handlers, hash } = this;
    let executed = 0;
    while (this.list.size > 0) {
      const list = this.list; // changes when it outgrows the sorted array
      const at = list.firstTime();
      if (at > endNs) break;
      const timer = list.takeFirst();
      this.now = at;
      executed++;
      hash.add(at, timer);
      handlers[this.kindOf[timer]!]!(this.subjectOf[timer]!, at);
      if (this.stopping) break;
    }
    this.events += executed;
  }

  private tracedLoop(endNs: Nanos, observer: TraceObserver): void {
    while (this.list.size > 0 && this.list.firstTime() <= endNs && !this.stopping) {
      const at = this.list.firstTime();
      const timer = this.list.takeFirst();
      const kind = this.kindOf[timer]!;
      this.now = at;
      this.events++;
      this.hash.add(at, timer);
      observer(at, this.names[kind]!, this.subjectOf[timer]!);
      this.handlers[kind]!(this.subjectOf[timer]!, at);
    }
  }

  private badTime(timer: TimerId, atNs: Nanos): string {
    const name = this.names[this.kindOf[timer]!];
    return `at ${this.now} ns: ${name} of ${this.subjectOf[timer]} was to happen at ${atNs} ns`;
  }

  private grow(): void {
    const room = 2 * this.kindOf.length;
    const kindOf = new Int32Array(room);
    const subjectOf = new Int32Array(room);
    const rankOf = new Float64Array(room);
    kindOf.set(this.kindOf);
    subjectOf.set(this.subjectOf);
    rankOf.set(this.rankOf);
    this.kindOf = kindOf;
    this.subjectOf = subjectOf;
    this.rankOf = rankOf;
  }
}
