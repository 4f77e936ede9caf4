import type { Streams } from '../../random/streams.js';
import type { AllocationGcSpec, AppSpec, RuntimeSpec } from '../spec.js';
import { AllocationCollector } from './allocation.js';
import type { Collector } from './collector.js';
import { collectionCosts, scaledCosts } from './costs.js';
import { ExplicitCollector } from './explicit.js';
import { heapRules } from './heap-rules.js';
import { defaultObjectSizes, sharesByPool } from './object-sizes.js';
import { RUBY_GC_DEFAULTS } from './ruby-parameters.js';

/**
 * Live objects of the interpreter and its standard library, which every process has besides those of the application.
 * Measured: 535 000 old objects in a process that had made 500 000 (Ruby 3.1.2).
 */
export const INTERPRETER_OBJECTS = 35_000;

/**
 * Live objects of an application when nothing is said about it.
 *
 * @see airbrake/airbrake #1144: 430 000 live objects in a Rails process, the interpreter's included
 */
export const DEFAULT_RESIDENT_OBJECTS = 400_000;

/**
 * Share of free slots of a booted heap: between the ratios that growth starts from (0.2) and aims at (0.4).
 * Measured after boot and warm-up: 0.21 to 0.40, mean 0.30 (nine heaps, Ruby 3.1.2).
 */
export const BOOT_FREE_RATIO = 0.3;

/** The least number of free slots grows with the ractors of a process up to so many (ruby/ruby 3.3.8 gc.c, `r_mul`). */
const MOST_FREE_SLOTS_FACTOR = 8;

/**
 * The collector of all processes of a server; null for `gc: off`. Opens the stream `gc/pause` if pauses are drawn.
 * CPython counts references and has no such pauses: there, `allocation` collects nothing.
 *
 * @param ractors of each process
 */
export function createCollector(
  runtime: RuntimeSpec,
  app: AppSpec,
  processes: number,
  streams: Streams,
  ractors = 1,
): Collector | null {
  const { gc } = runtime;
  if (gc.kind === 'explicit') return new ExplicitCollector({ ...gc, processes }, streams.open('gc/pause'));
  if (gc.kind === 'off' || runtime.language === 'python') return null;
  return createAllocationCollector(runtime.version, gc, app, processes, ractors);
}

function createAllocationCollector(
  version: string,
  gc: AllocationGcSpec,
  app: AppSpec,
  processes: number,
  ractors: number,
): AllocationCollector {
  const parameters = { ...RUBY_GC_DEFAULTS, ...gc.settings };
  const rules = heapRules(version);
  const sizes = app.objectSizes ?? defaultObjectSizes(app.recorded !== null);
  const withMainRactor = ractors === 1 ? 1 : ractors + 1;
  parameters.RUBY_GC_HEAP_FREE_SLOTS *= Math.min(withMainRactor, MOST_FREE_SLOTS_FACTOR);
  return new AllocationCollector({
    processes,
    residentObjects: app.residentObjects + INTERPRETER_OBJECTS,
    bootFreeRatio: app.bootFreeRatio ?? BOOT_FREE_RATIO,
    rules,
    residentShares: sharesByPool(sizes.resident, rules.slotBytes),
    allocatedShares: sharesByPool(sizes.allocated, rules.slotBytes),
    costs: scaledCosts(collectionCosts(version), gc.speed),
    parameters,
    holder: 'old object',
    warmUp: (heap) => {
      if (gc.warmUp === 'GC.start') heap.collectFully();
      else if (gc.warmUp === 'GC.compact') heap.compact();
      else if (gc.warmUp === 'Process.warmup') heap.warmUp();
    },
  });
}

/** Ruby code for each object of an Allocate phase, collections excluded [ns]. */
export function allocationCostNs(runtime: RuntimeSpec): number {
  return collectionCosts(runtime.version).allocationNs;
}
