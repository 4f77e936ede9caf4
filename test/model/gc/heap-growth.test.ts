import { describe, expect, it } from 'vitest';
import { extendPages } from '../../../src/model/gc/heap-growth.js';
import { RUBY_GC_DEFAULTS } from '../../../src/model/gc/ruby-parameters.js';

describe('heap growth', () => {
  it('aims at 40 % free slots', () => {
    // 1000 slots, 100 free: 900 used are 60 % of 1500.
    expect(extendPages(100, 1_000, 100, RUBY_GC_DEFAULTS)).toBe(50);
  });

  it('stops at a factor of 1.8', () => {
    const generous = { ...RUBY_GC_DEFAULTS, RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO: 0.6 };
    expect(extendPages(0, 1_000, 100, generous)).toBe(80);
  });

  it('is 10 % when the goal is met already, and one page at least', () => {
    expect(extendPages(500, 1_000, 100, RUBY_GC_DEFAULTS)).toBe(10);
    expect(extendPages(500, 1_000, 3, RUBY_GC_DEFAULTS)).toBe(1);
  });
});
