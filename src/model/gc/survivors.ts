import { copied } from '../entities/copied.js';
import { HeldObjects } from './held-objects.js';
import { AGES, sumOf, survive, takeFrom } from './objects-by-age.js';
import { Orphans } from './orphans.js';
import { RecentRequests } from './recent-requests.js';
import { OLD_AGE } from './ruby-parameters.js';

/**
 * Where what a thread keeps hangs: promotion differs for children of old objects up to Ruby 3.2. `recent requests`: on the stack while the
 * request runs, and from its end on on an old object, with what the last requests of the process kept (`RecentRequests`).
 */
export type Holder = 'old object' | 'young object' | 'recent requests';

/** How what a thread keeps was allocated: in a row, or one by one among much that died, each in a place of its own. */
export type Spacing = 'in a row' | 'scattered';

/**
 * The objects that outlive their allocation: for each thread the last so many it has allocated, by the collections
 * they have survived; for each process the old ones among them that are garbage by now, which only a major
 * collection finds. What requests hold until they end is counted in, and is a matter of its own: `HeldObjects`.
 *
 * What a thread keeps is in one container, which gets old itself. Once it is dropped nothing but a major collection finds
 * that an old container is garbage: until then minor ones go on marking what was added to it last, which gets old as
 * well (`Orphans`). Seen on Ruby 3.1.2 with an array of 5 000 strings on an old hash, replaced with every request: each minor collection
 * leaves 10 000 more old objects, those of the present array and those of the one before.
 *
 * ```
 * kept by a thread, age 0 -- collection --> 1 -- collection --> 2 -- collection --> old
 *    |       up to 3.2, in a container that is old: ------------- collection -----> old
 *    `-- pushed out, or its request has ended --> garbage: a young object for any collection, an old one for a major one
 * ```
 */
export class Survivors {
  /** Objects of a thread by age: [thread * AGES + age], the last column being the old ones. */
  private kept: Float64Array;
  private limit: Float64Array;
  private readonly held: HeldObjects;
  private childrenOfOld: Uint8Array;
  /** Collections that the container of what a thread keeps has survived; at most `OLD_AGE`, when it is old. */
  private containerAge: Uint8Array;
  /** The container has been added to since the last collection. */
  private isAddedTo: Uint8Array;
  private scattered: Uint8Array;
  private processOf: Int32Array;
  private readonly deadOld: Float64Array;
  private readonly orphans: Orphans;
  /** A major collection of the process is marking. */
  private readonly isMarking: Uint8Array;
  /** It has marked the container of the thread. */
  private isMarked: Uint8Array;
  /** What such containers have dropped since it began, by process: young and old objects. */
  private readonly droppedYoung: Float64Array;
  private readonly droppedOld: Float64Array;
  /**
   * Young objects of a process that the last major collection marked, dead by now. Known to be wrong from 3.3 on: where their container was
   * old and dropped as a whole, minor collections go on marking them until they are old, as those of `Orphans`.
   */
  private readonly deadYoung: Float64Array;
  /** The request has ended, but the stack of the thread refers to what it kept until the next one. */
  private lingers: Uint8Array;
  /** Its number among the requests of its process that kept something; -1: nothing but the thread refers to what it keeps. */
  private numberOf: Float64Array;
  private readonly recent: RecentRequests;

  /** @param promotesChildrenOfOld children of old objects become old at their first survival */
  constructor(
    processes: number,
    private readonly promotesChildrenOfOld: boolean,
  ) {
    this.kept = new Float64Array(0);
    this.limit = new Float64Array(0);
    this.held = new HeldObjects(processes, promotesChildrenOfOld);
    this.childrenOfOld = new Uint8Array(0);
    this.containerAge = new Uint8Array(0);
    this.isAddedTo = new Uint8Array(0);
    this.scattered = new Uint8Array(0);
    this.processOf = new Int32Array(0);
    this.lingers = new Uint8Array(0);
    this.numberOf = new Float64Array(0);
    this.recent = new RecentRequests(processes);
    this.deadOld = new Float64Array(processes);
    this.orphans = new Orphans(processes, promotesChildrenOfOld);
    this.isMarking = new Uint8Array(processes);
    this.isMarked = new Uint8Array(0);
    this.droppedYoung = new Float64Array(processes);
    this.droppedOld = new Float64Array(processes);
    this.deadYoung = new Float64Array(processes);
  }

  /** From now on the thread keeps `objects` more of what it allocates, always the last ones. */
  keep(process: number, thread: number, objects: number, holder: Holder, spacing: Spacing): void {
    const row = this.rowOf(thread);
    if (row >= this.limit.length) this.grow(row + 1);
    if (this.lingers[row] === 1) this.release(row);
    this.processOf[row] = process;
    this.limit[row]! += objects;
    this.childrenOfOld[row] = 0;
    if (holder === 'old object') this.hangOnOldObject(row);
    this.numberOf[row] = holder === 'recent requests' ? 0 : -1;
    this.scattered[row] = spacing === 'scattered' ? 1 : 0;
  }

  /** One on an old object is marked when it is hung there, one on a stack when marking ends and looks at stacks again. */
  private hangOnOldObject(row: number): void {
    this.childrenOfOld[row] = 1;
    this.isMarked[row] = this.isMarking[this.processOf[row]!]!;
  }

  /** Rows of threads come after those of requests that have ended and whose thread has gone on to another. */
  private rowOf(thread: number): number {
    return this.recent.rows + thread;
  }

  /** Of what the thread allocates now, so many objects with so many malloc'ed bytes live until its request ends. */
  hold(process: number, thread: number, objects: number, bytes: number): void {
    const row = this.rowOf(thread);
    if (row >= this.limit.length) this.grow(row + 1);
    if (this.lingers[row] === 1) this.release(row);
    this.processOf[row] = process;
    this.held.hold(process, thread, objects, bytes);
  }

  /** The thread has allocated: the newest it keeps push out the oldest. */
  allocate(thread: number, objects: number): void {
    const row = this.rowOf(thread);
    if (row >= this.limit.length) return;
    if (this.lingers[row] === 1) this.release(row);
    const limit = this.limit[row]!;
    if (limit === 0) return;
    const { kept } = this;
    const at = row * AGES;
    this.isAddedTo[row] = 1;
    kept[at]! += objects;
    let excess = kept[at]! - limit;
    for (let age = 1; age < AGES; age++) excess += kept[at + age]!;
    for (let age = AGES - 1; age >= 0 && excess > 0; age--) {
      const evicted = Math.min(excess, kept[at + age]!);
      kept[at + age]! -= evicted;
      excess -= evicted;
      this.drop(row, age, evicted);
    }
  }

  /**
   * The request of the thread has ended. What it kept stays reachable until the thread runs Ruby code again: its stack
   * is not cleared (`work` in puma/puma v7.2.1 lib/puma/thread_pool.rb holds the client and its env until the next
   * one comes; Unicorn re-uses the env hash), and the collector scans stacks conservatively. With the holder `recent requests` it hangs on an
   * old object besides, and stays until more requests have ended.
   */
  end(thread: number): void {
    const row = this.rowOf(thread);
    if (row >= this.limit.length) return;
    this.lingers[row] = 1;
    if (this.limit[row] === 0 || this.numberOf[row] === -1) return;
    const process = this.processOf[row]!;
    this.hangOnOldObject(row);
    this.numberOf[row] = this.recent.end(process);
    const last = this.recent.rowOf(process, this.numberOf[row]!);
    if (this.limit[last]! > 0) this.letGo(last);
  }

  /** The thread goes on to another request. */
  private release(row: number): void {
    this.lingers[row] = 0;
    const process = this.processOf[row]!;
    // Its container was on the stack, whatever the request kept elsewhere: see `startMarking`.
    this.deadOld[process]! += this.held.release(row - this.recent.rows);
    const number = this.numberOf[row]!;
    this.numberOf[row] = -1;
    if (this.limit[row] === 0) return;
    if (number !== -1 && !this.recent.isForgotten(process, number)) this.move(row, this.recent.rowOf(process, number));
    else this.letGo(row);
  }

  /** Nothing refers to the container of a row any more. */
  private letGo(row: number): void {
    const at = row * AGES;
    const process = this.processOf[row]!;
    for (let age = 0; age < AGES; age++) this.drop(row, age, this.kept[at + age]!);
    if (this.isRemembered(row) && this.isMarked[row] === 0) this.orphans.add(process, this.kept, at);
    this.clear(row);
  }

  private move(from: number, to: number): void {
    this.kept.copyWithin(to * AGES, from * AGES, (from + 1) * AGES);
    this.processOf[to] = this.processOf[from]!;
    this.limit[to] = this.limit[from]!;
    this.childrenOfOld[to] = this.childrenOfOld[from]!;
    this.containerAge[to] = this.containerAge[from]!;
    this.isAddedTo[to] = this.isAddedTo[from]!;
    this.isMarked[to] = this.isMarked[from]!;
    this.scattered[to] = this.scattered[from]!;
    this.clear(from);
  }

  private clear(row: number): void {
    this.containerAge[row] = 0;
    this.isAddedTo[row] = 0;
    this.isMarked[row] = 0;
    this.kept.fill(0, row * AGES, (row + 1) * AGES);
    this.limit[row] = 0;
  }

  /** The thread does not keep so many objects any more. */
  private drop(row: number, age: number, objects: number): void {
    const process = this.processOf[row]!;
    if (this.isMarked[row] === 1) {
      if (age === OLD_AGE || this.promotesAtOnce(row)) this.droppedOld[process]! += objects;
      else this.droppedYoung[process]! += objects;
    } else if (age === OLD_AGE) this.deadOld[process]! += objects;
  }

  /**
   * A major collection begins to mark. What containers on an old object drop from now on survives it: they are marked early,
   * and with them what they hold; what is stored in a marked one is marked at once (`rb_gc_writebarrier` in ruby/ruby gc.c).
   * When it comes across those on stacks is not known: what they drop is taken to be garbage.
   */
  startMarking(process: number): void {
    this.isMarking[process] = 1;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.processOf[row] === process) this.isMarked[row] = this.childrenOfOld[row]!;
    }
  }

  /** It has marked all: what was garbage when it began is gone, and everything else is a collection older. */
  endMarking(process: number): void {
    this.isMarking[process] = 0;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.processOf[row] === process) this.isMarked[row] = 0;
    }
    this.age(process);
    this.forgetDeadOld(process);
    this.deadOld[process] = this.droppedOld[process]!;
    this.deadYoung[process] = this.droppedYoung[process]!;
    this.droppedYoung[process] = 0;
    this.droppedOld[process] = 0;
  }

  /** Young objects that the last major collection marked and the next collection finds dead. */
  deadYoungOf(process: number): number {
    return this.deadYoung[process]!;
  }

  /** One collection more has been survived. */
  age(process: number): void {
    this.held.age(process);
    this.deadOld[process]! += this.orphans.age(process);
    this.deadYoung[process] = 0;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.limit[row] === 0 || this.processOf[row] !== process) continue;
      const atOnce = this.promotesAtOnce(row);
      this.containerAge[row] = atOnce ? OLD_AGE : Math.min(OLD_AGE, this.containerAge[row]! + 1);
      this.isAddedTo[row] = 0;
      survive(this.kept, row * AGES, atOnce);
    }
  }

  /** What the thread keeps gets old with the next collection, whatever its age. */
  private promotesAtOnce(row: number): boolean {
    return this.promotesChildrenOfOld && (this.childrenOfOld[row] === 1 || this.containerAge[row]! >= OLD_AGE - 1);
  }

  /** Objects of a process that are not old and that a minor collection finds alive: kept ones, and those in dead old containers. */
  young(process: number): number {
    return this.sum(process, 0, OLD_AGE) + this.orphansOf(process);
  }

  /** Of the young ones, those that only a major collection finds dead. */
  orphansOf(process: number): number {
    return this.orphans.young(process);
  }

  /** Of the young ones, those that were allocated one by one among others. */
  youngScattered(process: number): number {
    let objects = 0;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.scattered[row] === 1 && this.processOf[row] === process) objects += this.youngOf(row);
    }
    return objects;
  }

  /** The same, old ones included. */
  scatteredOf(process: number): number {
    let objects = 0;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.scattered[row] === 1 && this.processOf[row] === process) objects += sumOf(this.kept, row * AGES);
    }
    return objects;
  }

  /**
   * Of what a thread keeps or holds, so many objects, whatever their age, are kept by others from now on: what it keeps
   * first. Returns how many there were.
   */
  handOver(thread: number, objects: number, bytes: number): number {
    const row = this.rowOf(thread);
    if (row >= this.limit.length || objects === 0) return 0;
    const kept = takeFrom(this.kept, row * AGES, objects);
    this.limit[row] = Math.max(0, this.limit[row]! - kept);
    return kept + this.held.handOver(thread, objects - kept, bytes / objects);
  }

  /** Kept objects of a process that are old. */
  old(process: number): number {
    return this.sum(process, OLD_AGE, AGES);
  }

  /**
   * References to old objects that a minor collection looks at because they are in an old container that has got a new
   * one, or that still refers to a young object: all of the container.
   */
  remembered(process: number): number {
    let objects = this.orphans.remembered(process);
    for (let row = 0; row < this.limit.length; row++) {
      if (this.processOf[row] === process && this.isRemembered(row)) objects += this.kept[row * AGES + OLD_AGE]!;
    }
    return objects;
  }

  private isRemembered(row: number): boolean {
    return this.containerAge[row] === OLD_AGE && (this.isAddedTo[row] === 1 || this.youngOf(row) > 0);
  }

  /** Objects that requests hold, and old garbage that they held, which no minor collection finds. */
  heldBy(process: number): number {
    return this.held.objectsOf(process);
  }

  /** The malloc'ed bytes of those. */
  heldBytesBy(process: number): number {
    return this.held.bytesOf(process);
  }

  /** Old objects of a process that nobody keeps any more. */
  deadOldOf(process: number): number {
    return this.deadOld[process]!;
  }

  /** So many old objects of a process are garbage from now on, which nobody was said to keep here. */
  addDeadOld(process: number, objects: number): void {
    this.deadOld[process]! += objects;
  }

  private forgetDeadOld(process: number): void {
    this.deadOld[process] = 0;
    this.held.forgetDead(process);
    this.orphans.forget(process);
  }

  /** Another process takes the place of this one: nothing is kept, nothing is garbage. */
  forget(process: number): void {
    this.forgetDeadOld(process);
    this.held.forget(process);
    this.isMarking[process] = 0;
    this.droppedYoung[process] = 0;
    this.droppedOld[process] = 0;
    this.deadYoung[process] = 0;
    for (let row = 0; row < this.limit.length; row++) {
      if (this.processOf[row] !== process) continue;
      this.clear(row);
      this.lingers[row] = 0;
      this.numberOf[row] = -1;
    }
  }

  private youngOf(row: number): number {
    return sumOf(this.kept, row * AGES, 0, OLD_AGE);
  }

  private grow(rows: number): void {
    const n = Math.max(rows, 2 * this.limit.length);
    this.kept = copied(this.kept, new Float64Array(n * AGES));
    this.limit = copied(this.limit, new Float64Array(n));
    this.childrenOfOld = copied(this.childrenOfOld, new Uint8Array(n));
    this.containerAge = copied(this.containerAge, new Uint8Array(n));
    this.isAddedTo = copied(this.isAddedTo, new Uint8Array(n));
    this.isMarked = copied(this.isMarked, new Uint8Array(n));
    this.scattered = copied(this.scattered, new Uint8Array(n));
    this.processOf = copied(this.processOf, new Int32Array(n));
    this.lingers = copied(this.lingers, new Uint8Array(n));
    this.numberOf = copied(this.numberOf, new Float64Array(n).fill(-1));
  }

  /** Objects that are kept or held, of an age from `fromAge` to below `toAge`. */
  private sum(process: number, fromAge: number, toAge: number): number {
    let objects = this.held.heldOf(process, fromAge, toAge);
    for (let row = 0; row < this.limit.length; row++) {
      if (this.processOf[row] === process) objects += sumOf(this.kept, row * AGES, fromAge, toAge);
    }
    return objects;
  }
}
