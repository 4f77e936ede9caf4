import { describe, expect, it } from 'vitest';
import { Survivors } from '../../../src/model/gc/survivors.js';

/** What a minor collection finds now: young objects, references in old containers; and what only a major one finds dead. */
const found = (survivors: Survivors) => [survivors.young(0), survivors.remembered(0), survivors.deadOldOf(0)];

/** The request of thread 0 ends, and what it kept is let go. */
function drop(survivors: Survivors): void {
  survivors.end(0);
  survivors.keep(0, 0, 0, 'old object', 'in a row');
}

describe('an old container that is dropped', () => {
  /** One that is old itself, with 60 old objects. */
  /** What each of four minor collections finds. */
  const fourMinors = (survivors: Survivors) =>
    [1, 2, 3, 4].map(() => {
      const before = found(survivors);
      survivors.age(0);
      return before;
    });
  const oldContainer = (promotesChildrenOfOld: boolean): Survivors => {
    const survivors = new Survivors(1, promotesChildrenOfOld);
    survivors.keep(0, 0, 100, 'old object', 'in a row');
    survivors.allocate(0, 60);
    for (let collection = 0; collection < 3; collection++) survivors.age(0);
    return survivors;
  };

  it('is looked at, with all it refers to, until its youngest object is old: three collections from Ruby 3.3 on', () => {
    const survivors = oldContainer(false);
    survivors.allocate(0, 40);
    drop(survivors);
    expect(fourMinors(survivors)).toEqual([
      [40, 60, 60],
      [40, 60, 60],
      [40, 60, 60],
      [0, 0, 100],
    ]);
  });

  it('has one more reference to an old object for each of its own that gets old meanwhile', () => {
    const survivors = oldContainer(false);
    survivors.allocate(0, 15);
    survivors.age(0);
    survivors.allocate(0, 25);
    drop(survivors);
    expect(fourMinors(survivors)).toEqual([
      [40, 60, 60],
      [40, 60, 60],
      [25, 75, 75],
      [0, 0, 100],
    ]);
  });

  it('is looked at as long as its own young objects live, not those of another', () => {
    const survivors = oldContainer(false);
    survivors.allocate(0, 40);
    drop(survivors);
    survivors.age(0);
    survivors.age(0);
    // A second one, old as well, with 10 old objects and 5 young ones.
    survivors.keep(0, 1, 15, 'old object', 'in a row');
    survivors.allocate(1, 10);
    for (let collection = 0; collection < 3; collection++) survivors.age(0);
    survivors.allocate(1, 5);
    survivors.end(1);
    survivors.keep(0, 1, 0, 'old object', 'in a row');
    expect(found(survivors)).toEqual([5, 10, 110]);
  });

  it('is looked at once up to Ruby 3.2, where its objects are old at the next collection', () => {
    const survivors = oldContainer(true);
    survivors.allocate(0, 40);
    drop(survivors);
    expect(found(survivors)).toEqual([40, 60, 60]);
    survivors.age(0);
    expect(found(survivors)).toEqual([0, 0, 100]);
  });

  it('is found dead with all it refers to by a major collection', () => {
    const survivors = oldContainer(false);
    survivors.allocate(0, 40);
    drop(survivors);
    survivors.startMarking(0);
    survivors.endMarking(0);
    expect(found(survivors)).toEqual([0, 0, 0]);
  });
});

describe('what a request holds', () => {
  const heldOf = (survivors: Survivors) => [survivors.deadOldOf(0), survivors.heldBy(0), survivors.heldBytesBy(0)];
  /** It holds 1 000 objects of 1 MB until they are old, and ends while a major collection marks. */
  const endedWhileMarking = (kept: number): Survivors => {
    const survivors = new Survivors(1, true);
    if (kept > 0) survivors.keep(0, 0, kept, 'old object', 'in a row');
    survivors.hold(0, 0, 1_000, 1_000_000);
    for (let collection = 0; collection < 4; collection++) survivors.age(0);
    survivors.startMarking(0);
    survivors.end(0);
    survivors.keep(0, 0, 0, 'old object', 'in a row');
    return survivors;
  };

  it.each([0, 10])(
    'is garbage to a major collection that marks, with its bytes, if the request keeps %i others as well',
    (kept) => {
      const survivors = endedWhileMarking(kept);
      expect(heldOf(survivors)).toEqual([1_000, 1_000, 1_000_000]);
      survivors.endMarking(0);
      expect(heldOf(survivors)).toEqual([0, 0, 0]);
    },
  );

  it('counts, once it is old garbage, with all of its bytes until a major collection has ended', () => {
    const survivors = new Survivors(1, true);
    survivors.keep(0, 0, 10, 'old object', 'in a row');
    survivors.hold(0, 0, 1_000, 1_000_000);
    for (let collection = 0; collection < 4; collection++) survivors.age(0);
    survivors.end(0);
    survivors.keep(0, 0, 0, 'old object', 'in a row');
    survivors.age(0);
    survivors.startMarking(0);
    expect(heldOf(survivors)).toEqual([1_000, 1_000, 1_000_000]);
  });
});
