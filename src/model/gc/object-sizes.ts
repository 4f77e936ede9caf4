import type { ObjectSizes } from '../app-spec.js';

/**
 * Objects that a request allocates in Rails: a small application (Rails 7.2.2, Ruby 3.3.8, SQLite) that lists 25 records with those that belong to
 * them, shows one, creates one, answers with JSON, and answers with nothing: 100 requests of each after 20 to warm up, slots by
 * `GC.stat_heap` (test/measured/memory/programs/rails_slots.rb). Of the five, the shares lay at 39 to 62, 14 to 30, 20 to 30, 0 to 4 and 0 to 1.3 %.
 */
export const RAILS_ALLOCATED: ObjectSizes = { bytes: [40, 80, 160, 320, 640], weights: [47.5, 21.9, 27.6, 2.3, 0.7] };

/** Objects that live in the same process when it is warm: 189 000, after three full collections. */
export const RAILS_RESIDENT: ObjectSizes = { bytes: [40, 80, 160, 320, 640], weights: [78.2, 13.9, 7.5, 0.3, 0.1] };

const RAILS = { allocated: RAILS_ALLOCATED, resident: RAILS_RESIDENT };

/**
 * The servers whose recorded demands are part of the validation (test/measured/web33, Ruby 3.3.8): an `a` phase makes strings of up to 15 bytes;
 * loaded are 400 000 objects, mostly hashes of up to eight entries, and the interpreter's own, of which 82 % have slots of 40 bytes
 * (4 558 of 5 592 in a bare one, Ruby 3.3.8, `ObjectSpace.dump`). Not measured in the servers: test/support/gc/servers.ts says how much hangs on it.
 */
const STRINGS_AND_HASHES = {
  allocated: { bytes: [40], weights: [1] },
  resident: { bytes: [40, 160], weights: [6.6, 93.4] },
};

/** What a scenario that says nothing of it gets: `a` phases of recorded demands are strings, everything else is taken for Rails. */
export function defaultObjectSizes(isRecorded: boolean): Readonly<Record<'allocated' | 'resident', ObjectSizes>> {
  return isRecorded ? STRINGS_AND_HASHES : RAILS;
}

/**
 * Share of the objects in each size pool; they add up to 1. An object lies in the smallest slot that it fits in. One that is too large
 * for all has a slot of the smallest size and its content in malloc'ed memory (ruby/ruby 3.3.8 string.c `STR_EMBEDDABLE_P`).
 *
 * @param slotBytes sizes of slots in ascending order [bytes]
 */
export function sharesByPool({ bytes, weights }: ObjectSizes, slotBytes: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const ofPools = slotBytes.map(() => 0);
  for (const [k, size] of bytes.entries()) ofPools[poolFor(size, slotBytes)]! += weights[k]!;
  return ofPools.map((weight) => weight / sum);
}

/** What lies in malloc'ed memory, a block for each object, for an object on average. */
export interface Bodies {
  /** Share of the objects that have such a block. */
  readonly share: number;
  readonly bytes: number;
}

export const NO_BODIES: Bodies = { share: 0, bytes: 0 };

/** The contents of objects that fit into no slot. @param slotBytes as above */
export function bodiesOf({ bytes, weights }: ObjectSizes, slotBytes: readonly number[]): Bodies {
  const sum = weights.reduce((a, b) => a + b, 0);
  const largest = slotBytes.at(-1)!;
  let [withBody, inBodies] = [0, 0];
  for (const [k, size] of bytes.entries()) {
    if (size <= largest) continue;
    withBody += weights[k]!;
    inBodies += (size - HEADER_BYTES) * weights[k]!;
  }
  return { share: withBody / sum, bytes: inBodies / sum };
}

/** Of an object, what stays in its slot when its content does not: flags, class, length (`struct RString`, 3.3) [bytes]. */
const HEADER_BYTES = 24;

function poolFor(size: number, slotBytes: readonly number[]): number {
  return Math.max(
    0,
    slotBytes.findIndex((bytes) => size <= bytes),
  );
}
