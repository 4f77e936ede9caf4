import { copied } from '../entities/copied.js';
import { HeldObjects } from './held-objects.js';
import { AGES, sumOf, survive, takeFrom } from './objects-by-age.js';
import { Orphans } from './orphans.js';
import { OLD_AGE } from './ruby-parameters.js';

/** Where what a thread keeps hangs: promotion differs for children of old objects up to Ruby 3.2. */
export type Holder = 'old object' | 'young object';

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
    if (thread >= this.limit.length) this.grow(thread + 1);
    if (this.lingers[thread] === 1) this.release(thread);
    this.processOf[thread] = process;
    this.limit[thread]! += objects;
    this.childrenOfOld[thread] = holder === 'old object' ? 1 : 0;
    // One on an old object is marked when it is hung there, one on a stack when marking ends and looks at stacks again.
    if (holder === 'old object') this.isMarked[thread] = this.isMarking[process]!;
    this.scattered[thread] = spacing === 'scattered' ? 1 : 0;
  }

  /** Of what the thread allocates now, so many objects with so many malloc'ed bytes live until its request ends. */
  hold(process: number, thread: number, objects: number, bytes: number): void {
    if (thread >= this.limit.length) this.grow(thread + 1);
    if (this.lingers[thread] === 1) this.release(thread);
    this.processOf[thread] = process;
    this.held.hold(process, thread, objects, bytes);
  }

  /** The thread has allocated: the newest it keeps push out the oldest. */
  allocate(thread: number, objects: number): void {
    if (thread >= this.limit.length) return;
    if (this.lingers[thread] === 1) this.release(thread);
    const limit = this.limit[thread]!;
    if (limit === 0) return;
    const { kept } = this;
    const at = thread * AGES;
    this.isAddedTo[thread] = 1;
    kept[at]! += objects;
    let excess = kept[at]! - limit;
    for (let age = 1; age < AGES; age++) excess += kept[at + age]!;
    for (let age = AGES - 1; age >= 0 && excess > 0; age--) {
      const evicted = Math.min(excess, kept[at + age]!);
      kept[at + age]! -= evicted;
      excess -= evicted;
      this.drop(thread, age, evicted);
    }
  }

  /**
   * The request of the thread has ended. What it kept stays reachable until the thread runs Ruby code again: its stack
   * is not cleared (`work` in puma/puma v7.2.1 lib/puma/thread_pool.rb holds the client and its env until the next
   * one comes; Unicorn re-uses the env hash), and the collector scans stacks conservatively.
   */
  end(thread: number): void {
    if (thread < this.limit.length) this.lingers[thread] = 1;
  }

  private release(thread: number): void {
    this.lingers[thread] = 0;
    const at = thread * AGES;
    const process = this.processOf[thread]!;
    for (let age = 0; age < AGES; age++) this.drop(thread, age, this.kept[at + age]!);
    // Its container was on the stack, whatever the request kept elsewhere: see `startMarking`.
    this.deadOld[process]! += this.held.release(thread);
    if (this.isRemembered(thread) && this.isMarked[thread] === 0) this.orphans.add(process, this.kept, at);
    this.containerAge[thread] = 0;
    this.isAddedTo[thread] = 0;
    this.isMarked[thread] = 0;
    this.kept.fill(0, at, at + AGES);
    this.limit[thread] = 0;
  }

  /** The thread does not keep so many objects any more. */
  private drop(thread: number, age: number, objects: number): void {
    const process = this.processOf[thread]!;
    if (this.isMarked[thread] === 1) {
      if (age === OLD_AGE || this.promotesAtOnce(thread)) this.droppedOld[process]! += objects;
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
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.processOf[thread] === process) this.isMarked[thread] = this.childrenOfOld[thread]!;
    }
  }

  /** It has marked all: what was garbage when it began is gone, and everything else is a collection older. */
  endMarking(process: number): void {
    this.isMarking[process] = 0;
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.processOf[thread] === process) this.isMarked[thread] = 0;
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
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.limit[thread] === 0 || this.processOf[thread] !== process) continue;
      const atOnce = this.promotesAtOnce(thread);
      this.containerAge[thread] = atOnce ? OLD_AGE : Math.min(OLD_AGE, this.containerAge[thread]! + 1);
      this.isAddedTo[thread] = 0;
      survive(this.kept, thread * AGES, atOnce);
    }
  }

  /** What the thread keeps gets old with the next collection, whatever its age. */
  private promotesAtOnce(thread: number): boolean {
    return (
      this.promotesChildrenOfOld && (this.childrenOfOld[thread] === 1 || this.containerAge[thread]! >= OLD_AGE - 1)
    );
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
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.scattered[thread] === 1 && this.processOf[thread] === process) objects += this.youngOf(thread);
    }
    return objects;
  }

  /**
   * Of what a thread keeps or holds, so many objects, whatever their age, are kept by others from now on: what it keeps
   * first. Returns how many there were.
   */
  handOver(thread: number, objects: number, bytes: number): number {
    if (thread >= this.limit.length || objects === 0) return 0;
    const kept = takeFrom(this.kept, thread * AGES, objects);
    this.limit[thread] = Math.max(0, this.limit[thread]! - kept);
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
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.processOf[thread] === process && this.isRemembered(thread))
        objects += this.kept[thread * AGES + OLD_AGE]!;
    }
    return objects;
  }

  private isRemembered(thread: number): boolean {
    return this.containerAge[thread] === OLD_AGE && (this.isAddedTo[thread] === 1 || this.youngOf(thread) > 0);
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
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.processOf[thread] !== process) continue;
      this.kept.fill(0, thread * AGES, (thread + 1) * AGES);
      this.limit[thread] = 0;
      this.lingers[thread] = 0;
      this.containerAge[thread] = 0;
      this.isAddedTo[thread] = 0;
      this.isMarked[thread] = 0;
    }
  }

  private youngOf(thread: number): number {
    return sumOf(this.kept, thread * AGES, 0, OLD_AGE);
  }

  private grow(threads: number): void {
    const n = Math.max(threads, 2 * this.limit.length);
    this.kept = copied(this.kept, new Float64Array(n * AGES));
    this.limit = copied(this.limit, new Float64Array(n));
    this.childrenOfOld = copied(this.childrenOfOld, new Uint8Array(n));
    this.containerAge = copied(this.containerAge, new Uint8Array(n));
    this.isAddedTo = copied(this.isAddedTo, new Uint8Array(n));
    this.isMarked = copied(this.isMarked, new Uint8Array(n));
    this.scattered = copied(this.scattered, new Uint8Array(n));
    this.processOf = copied(this.processOf, new Int32Array(n));
    this.lingers = copied(this.lingers, new Uint8Array(n));
  }

  /** Objects that are kept or held, of an age from `fromAge` to below `toAge`. */
  private sum(process: number, fromAge: number, toAge: number): number {
    let objects = this.held.heldOf(process, fromAge, toAge);
    for (let thread = 0; thread < this.limit.length; thread++) {
      if (this.processOf[thread] === process) objects += sumOf(this.kept, thread * AGES, fromAge, toAge);
    }
    return objects;
  }
}
