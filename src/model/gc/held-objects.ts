import { copied } from '../entities/copied.js';
import { AGES, sumOf, survive, takeFrom } from './objects-by-age.js';
import { OLD_AGE } from './ruby-parameters.js';

/**
 * What requests hold until they end, whatever they allocate after it, with the malloc'ed bytes of it.
 *
 * All that a request holds is in one container, which was new when the request began to hold any, and which is on the stack.
 *
 * ```
 * held, age 0 -- collection --> 1 -- collection --> 2 -- collection --> old
 *    |      up to 3.2, once the container is old: --- collection -----> old
 *    `-- the request has ended --> garbage: young for any collection, old (dead) for a major one
 * ```
 */
export class HeldObjects {
  /** Objects and their bytes by thread and age: [thread * AGES + age]. */
  private objects: Float64Array;
  private bytes: Float64Array;
  /** Collections that the container of a thread's request has survived; at most `OLD_AGE`, when it is old. */
  private containerAge: Uint8Array;
  private processOf: Int32Array;
  /** Old garbage that requests held, by process. */
  private readonly dead: Float64Array;
  private readonly deadBytes: Float64Array;

  /** @param promotesChildrenOfOld children of old objects become old at their first survival */
  constructor(
    processes: number,
    private readonly promotesChildrenOfOld: boolean,
  ) {
    this.objects = new Float64Array(0);
    this.bytes = new Float64Array(0);
    this.containerAge = new Uint8Array(0);
    this.processOf = new Int32Array(0);
    this.dead = new Float64Array(processes);
    this.deadBytes = new Float64Array(processes);
  }

  hold(process: number, thread: number, objects: number, bytes: number): void {
    if (thread >= this.processOf.length) this.grow(thread + 1);
    this.processOf[thread] = process;
    this.objects[thread * AGES]! += objects;
    this.bytes[thread * AGES]! += bytes;
  }

  /** Nothing refers to what the thread's request held any more. Returns how many of it are old, which only a major collection finds. */
  release(thread: number): number {
    if (thread >= this.processOf.length) return 0;
    const process = this.processOf[thread]!;
    const old = this.objects[thread * AGES + OLD_AGE]!;
    this.dead[process]! += old;
    this.deadBytes[process]! += this.bytes[thread * AGES + OLD_AGE]!;
    this.clear(thread);
    return old;
  }

  /** A collection more has been survived. */
  age(process: number): void {
    for (let thread = 0; thread < this.processOf.length; thread++) {
      if (this.processOf[thread] !== process) continue;
      const at = thread * AGES;
      const containerAge = this.containerAge[thread]!;
      ageHeld(this.bytes, at, containerAge, this.promotesChildrenOfOld);
      if (ageHeld(this.objects, at, containerAge, this.promotesChildrenOfOld)) this.containerAge[thread]!++;
    }
  }

  /** Of what a thread's request holds, so many objects, in proportion of all ages, are kept by others from now on. Returns how many there were. */
  handOver(thread: number, objects: number, bytesEach: number): number {
    if (thread >= this.processOf.length) return 0;
    const taken = takeFrom(this.objects, thread * AGES, objects);
    takeFrom(this.bytes, thread * AGES, taken * bytesEach);
    return taken;
  }

  /** Objects of an age from `fromAge` to below `toAge` that are held. */
  heldOf(process: number, fromAge: number, toAge: number): number {
    return this.sum(this.objects, process, fromAge, toAge);
  }

  /** Objects that are held, and old garbage that was, which no minor collection finds. */
  objectsOf(process: number): number {
    return this.dead[process]! + this.sum(this.objects, process, 0, AGES);
  }

  /** The malloc'ed bytes of those. */
  bytesOf(process: number): number {
    return this.deadBytes[process]! + this.sum(this.bytes, process, 0, AGES);
  }

  /** A major collection has found the garbage. */
  forgetDead(process: number): void {
    this.dead[process] = 0;
    this.deadBytes[process] = 0;
  }

  /** Another process takes the place of this one. */
  forget(process: number): void {
    this.forgetDead(process);
    for (let thread = 0; thread < this.processOf.length; thread++)
      if (this.processOf[thread] === process) this.clear(thread);
  }

  private clear(thread: number): void {
    this.objects.fill(0, thread * AGES, (thread + 1) * AGES);
    this.bytes.fill(0, thread * AGES, (thread + 1) * AGES);
    this.containerAge[thread] = 0;
  }

  private sum(byAge: Float64Array, process: number, fromAge: number, toAge: number): number {
    let sum = 0;
    for (let thread = 0; thread < this.processOf.length; thread++) {
      if (this.processOf[thread] === process) sum += sumOf(byAge, thread * AGES, fromAge, toAge);
    }
    return sum;
  }

  private grow(threads: number): void {
    const n = Math.max(threads, 2 * this.processOf.length);
    this.objects = copied(this.objects, new Float64Array(n * AGES));
    this.bytes = copied(this.bytes, new Float64Array(n * AGES));
    this.containerAge = copied(this.containerAge, new Uint8Array(n));
    this.processOf = copied(this.processOf, new Int32Array(n));
  }
}

/**
 * What a request holds survives a collection.
 *
 * @param held objects or bytes by age, from index `at` on; the last are old
 * @param containerAge collections that their container has survived
 * @param promotesChildrenOfOld children of old objects become old at their first survival
 * @returns whether there is anything, so that the container is a collection older
 */
export function ageHeld(held: Float64Array, at: number, containerAge: number, promotesChildrenOfOld: boolean): boolean {
  if (sumOf(held, at) === 0) return false;
  survive(held, at, promotesChildrenOfOld && containerAge >= OLD_AGE - 1);
  return containerAge < OLD_AGE;
}
