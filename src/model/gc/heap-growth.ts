import type { RubyGcParameters } from './ruby-parameters.js';

/**
 * Pages by which a heap with too few free slots grows: so many that the goal ratio of its slots is free, but at most
 * by the growth factor, by GROWTH_MAX_SLOTS if set, and at least by one.
 *
 * @see ruby/ruby gc.c `heap_extend_pages`
 */
export function extendPages(freeSlots: number, totalSlots: number, pages: number, params: RubyGcParameters): number {
  const goal = params.RUBY_GC_HEAP_FREE_SLOTS_GOAL_RATIO;
  let factor = goal === 0 ? params.RUBY_GC_HEAP_GROWTH_FACTOR : (totalSlots - freeSlots) / ((1 - goal) * totalSlots);
  if (factor > params.RUBY_GC_HEAP_GROWTH_FACTOR) factor = params.RUBY_GC_HEAP_GROWTH_FACTOR;
  if (factor < 1) factor = 1.1;
  const extra = Math.floor(factor * pages) - pages;
  const most = params.RUBY_GC_HEAP_GROWTH_MAX_SLOTS / (totalSlots / pages);
  return Math.max(1, most > 0 ? Math.min(extra, Math.floor(most)) : extra);
}
