import { describe, expect, it } from 'vitest';
import { heapRules, wholePagesForSteps } from '../../../src/model/gc/heap-rules.js';
import { IncrementalMarking } from '../../../src/model/gc/incremental-marking.js';

const RULES = heapRules('3.1');

/** Marking of so many objects with 4 090 slots set aside: a step is a tenth and an eleventh of what was marked last. */
function marking(objects: number): IncrementalMarking {
  const started = new IncrementalMarking();
  started.start(objects, 110_000, 4_090, 0, RULES);
  return started;
}

describe('incremental marking', () => {
  it('marks in steps what the last collection marked, divided by the steps that the slots set aside would be enough for', () => {
    const started = marking(25_000);
    expect([1, 2, 3].map(() => started.goOn(RULES))).toEqual([10_000, 10_000, 5_000]);
    expect(started.finish()).toBe(0);
  });

  it('hands out a page more at each entry with nothing left to mark, until the last of the slots set aside', () => {
    const started = marking(15_000);
    started.goOn(RULES);
    expect(started.room).toBe(RULES.allocationsPerMarkStep);
    expect(started.hasUsedUp(100)).toBe(false);
    started.goOn(RULES);
    expect(started.room).toBe(RULES.allocationsPerIdleStep);
    expect(started.hasUsedUp(RULES.allocationsPerIdleStep)).toBe(true);
    expect(started.hasUsedUp(RULES.allocationsPerIdleStep + 1)).toBe(false);
    expect(started.goOn(RULES)).toBe(0);
  });
});

describe('pages handed out for a step of marking on 3.1', () => {
  it('go beyond 409 free slots by half of a full one, or by a third of a page where anything from none to all of each is free', () => {
    expect(wholePagesForSteps(408, 1).allocationsPerMarkStep).toBe(409 + 204);
    expect(wholePagesForSteps(408, 0.5).allocationsPerMarkStep).toBe(409 + 136);
  });
});
