import type { HeapRules } from './heap-rules.js';

/**
 * Marking of a major collection in steps between allocations, for as long as there are slots that the last sweep set
 * aside for it; when they are used up, the rest is marked in one go.
 *
 * ```
 * off -- major starts --> on: so many allocations --> step: marks some --> so many allocations --> step ...
 *  ^                                                    | it is the last one, no slots are left, or the malloc limit is reached
 *  `-- finish: the rest, in one stop <------------------'
 * ```
 *
 * Where nothing is left to mark while there are such slots, Ruby 3.1 goes on as if there were: `gc_marks_finish` hands out one
 * more page and asks to be called again, until the last of them. From 3.2 on marking ends with the step that marks the last object.
 *
 * Known to be left out: all elements of one huge array are marked in one step, when its turn comes (`gc_mark_children`).
 *
 * @see ruby/ruby gc.c 3.1.2 and 3.3.8 `gc_marks_start` (`step_slots`), `gc_marks_continue`, `gc_mark_stacked_objects`, `gc_marks_finish`
 */
export class IncrementalMarking {
  isOn: boolean;
  /** Objects that are still to be marked. */
  left: number;
  /** Allocations until the next step. */
  room: number;
  private step: number;

  constructor() {
    this.isOn = false;
    this.left = 0;
    this.room = 0;
    this.step = 0;
  }

  /**
   * @param objects to be marked
   * @param markedLast objects that the last collection marked, or passed over because they are old
   * @param pooled slots set aside
   * @param room allocations before the first step
   */
  start(objects: number, markedLast: number, pooled: number, room: number, rules: HeapRules): void {
    this.isOn = true;
    this.left = objects;
    this.room = room;
    // Ruby counts twice this number, but counts each object twice as well: when it is marked and when its references are.
    this.step = markedLast / (Math.floor(pooled / rules.markStepObjects) + 1);
  }

  /** The step that is due marks all that is left. */
  get isLastStep(): boolean {
    return this.left <= this.step;
  }

  /** Marks as much as a step does. Returns the number of objects. */
  goOn({ allocationsPerMarkStep, allocationsPerIdleStep }: HeapRules): number {
    const objects = Math.min(this.left, this.step);
    this.left -= objects;
    this.room = this.left > 0 ? allocationsPerMarkStep : allocationsPerIdleStep;
    return objects;
  }

  /** Nothing is left to mark, and all of the `pooled` slots set aside have been handed out. */
  hasUsedUp(pooled: number): boolean {
    return this.left <= 0 && this.room >= pooled;
  }

  /** Marks the rest. Returns the number of objects. */
  finish(): number {
    const objects = this.left;
    this.left = 0;
    this.isOn = false;
    return objects;
  }
}
