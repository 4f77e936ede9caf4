import type { EventList } from './event-list.js';
import { Fingerprint } from './fingerprint.js';
import { HeapList } from './heap-list.js';
import type { Rank } from './ranks.js';
import { SortedList } from './sorted-list.js';
import type { Nanos } from './time.js';
import { type TimerId, TimerTable } from './timer-table.js';

export type { TimerId } from './timer-table.js';

/** A kind of event; `S` is what its events are about. */
export type EventKind<S> = number & { readonly subject?: S };

/**
 * Does what an event does. `subject` says to whom: a thread, a process, a request, whatever the kind means. The time is
 * `kernel.nowNs()`.
 */
export type Handler<S> = (subject: S) => void;

/** Sees every event just before it happens. */
export type TraceObserver = (nowNs: Nanos, kind: string, subject: unknown) => void;

/** Above this many armed timers the heap is faster than the sorted array (measured: they cross between 24 and 48). */
const SORTED_LIST_LIMIT = 32;

/**
 * Clock, calendar and run loop; knows nothing of Ruby.
 *
 * Mechanisms define *kinds* of events with their handlers and own *timers*: alarm clocks made once for each (kind,
 * subject), armed for at most one time at once. So a handle can never be stale, nothing is allocated per event, and
 * moving an event is arming its timer again.
 *
 * Events run in the order of (time, rank, serial); the serial counts armings.
 *
 * Times do not travel as arguments on the hot path but through `nowNs()` and the timer table: V8 puts a fractional
 * number that is passed to a function it does not inline into a fresh heap object, which cost half of the run time.
 */
export class Kernel {
  /** Executed events. */
  events: number;
  private readonly names: string[];
  private readonly ranks: Rank[];
  private readonly handlers: Handler<unknown>[];
  private readonly table: TimerTable;
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
    this.table = new TimerTable();
    this.list = new SortedList(this.table);
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
  timer<S>(kind: EventKind<S>, subject: S): TimerId {
    const rank = this.ranks[kind];
    if (rank === undefined) throw new RangeError(`no event kind ${kind}`);
    const timer = this.table.add(kind, subject, rank);
    this.list.reserve(this.table.count);
    return timer;
  }

  /**
   * Sets the timer to go off at `atNs`; a timer that is armed already is moved.
   * @throws RangeError if `atNs` is not a number or lies in the past
   */
  arm(timer: TimerId, atNs: Nanos): void {
    this.table.atNs[timer] = atNs;
    this.enlist(timer);
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

  private enlist(timer: TimerId): void {
    const { table, list } = this;
    if (list.has(timer)) list.remove(timer);
    if (!(table.atNs[timer]! >= this.now)) throw new RangeError(this.badTime(timer));
    list.insert(timer);
    if (list.size > SORTED_LIST_LIMIT && list instanceof SortedList) this.list = list.movedTo(new HeapList(table));
  }

  private loop(endNs: Nanos): void {
    const { handlers, hash, table } = this;
    let executed = 0;
    while (this.list.size > 0) {
      const list = this.list; // changes when it outgrows the sorted array
      const timer = list.first();
      const at = table.atNs[timer]!;
      if (at > endNs) break;
      list.removeFirst();
      this.now = at;
      executed++;
      hash.add(at, timer);
      handlers[table.kindOf[timer]!]!(table.subjectOf[timer]);
      if (this.isStopping) break;
    }
    this.events += executed;
  }

  private tracedLoop(endNs: Nanos, observer: TraceObserver): void {
    const { table } = this;
    while (this.list.size > 0 && !this.isStopping) {
      const timer = this.list.first();
      const at = table.atNs[timer]!;
      if (at > endNs) break;
      this.list.removeFirst();
      const kind = table.kindOf[timer]!;
      const subject = table.subjectOf[timer];
      this.now = at;
      this.events++;
      this.hash.add(at, timer);
      observer(at, this.names[kind]!, subject);
      this.handlers[kind]!(subject);
    }
  }

  private badTime(timer: TimerId): string {
    const { kindOf, subjectOf, atNs } = this.table;
    const what = `${this.names[kindOf[timer]!]} of ${String(subjectOf[timer])}`;
    return `at ${this.now} ns: ${what} was to happen at ${atNs[timer]} ns`;
  }
}
