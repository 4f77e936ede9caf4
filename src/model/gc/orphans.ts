import { AGES } from './objects-by-age.js';
import { OLD_AGE } from './ruby-parameters.js';

/** Rows and columns of a process: a row for each age that the youngest object of a container has. */
const TABLE = OLD_AGE * AGES;

/**
 * Objects in old containers that nobody keeps any more, and that minor collections go on marking. A minor collection looks at a
 * container as long as one of its objects is young; only a major one finds that it is garbage.
 *
 * ```
 * young, in a dropped old container -- minor collection --> older --> ... old (up to 3.2 at once): garbage for a major one
 *    `----------------------------------- major collection --> gone
 * ```
 * @see ruby/ruby 3.3.8 gc.c: rgengc_check_relation
 */
export class Orphans {
  /** By the age of their container's youngest and their own: [process * TABLE + youngest * AGES + age]. */
  private readonly objects: Float64Array;

  /** @param promotesChildrenOfOld children of old objects become old at their first survival */
  constructor(
    processes: number,
    private readonly promotesChildrenOfOld: boolean,
  ) {
    this.objects = new Float64Array(processes * TABLE);
  }

  /** A container of the process is dropped. Its objects by age are `byAge[at]` to `byAge[at + OLD_AGE]`. */
  add(process: number, byAge: Float64Array, at: number): void {
    const row = process * TABLE + youngestAge(byAge, at) * AGES;
    for (let age = 0; age < AGES; age++) this.objects[row + age]! += byAge[at + age]!;
  }

  /** A collection has marked them. @returns how many have got old by that, and are garbage that a major collection finds */
  age(process: number): number {
    const { objects } = this;
    const at = process * TABLE;
    if (this.promotesChildrenOfOld) {
      const young = this.young(process);
      this.forget(process);
      return young;
    }
    let gotOld = 0;
    for (let youngest = OLD_AGE - 1; youngest >= 0; youngest--) {
      const row = at + youngest * AGES;
      const ofRow = objects[row + OLD_AGE - 1]!;
      gotOld += ofRow;
      // In the last row nothing is young any more: it is forgotten.
      if (youngest === OLD_AGE - 1) continue;
      const next = row + AGES;
      objects.copyWithin(next + 1, row, row + OLD_AGE - 1);
      objects[next] = 0;
      objects[next + OLD_AGE] = objects[row + OLD_AGE]! + ofRow;
    }
    objects.fill(0, at, at + AGES);
    return gotOld;
  }

  /** Those that are not old. */
  young(process: number): number {
    let objects = 0;
    for (let row = process * TABLE; row < (process + 1) * TABLE; row += AGES) {
      for (let age = 0; age < OLD_AGE; age++) objects += this.objects[row + age]!;
    }
    return objects;
  }

  /** References to old objects that a minor collection looks at, because the container refers to young ones too. */
  remembered(process: number): number {
    let objects = 0;
    for (let row = process * TABLE; row < (process + 1) * TABLE; row += AGES) objects += this.objects[row + OLD_AGE]!;
    return objects;
  }

  forget(process: number): void {
    this.objects.fill(0, process * TABLE, (process + 1) * TABLE);
  }
}

/** Age of the youngest object; that at which the next collection makes it old if none is young. */
function youngestAge(byAge: Float64Array, at: number): number {
  let age = 0;
  while (age < OLD_AGE - 1 && byAge[at + age] === 0) age++;
  return age;
}
