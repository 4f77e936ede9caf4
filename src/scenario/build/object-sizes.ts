import { heapRules } from '../../model/gc/heap-rules.js';
import { type Bodies, bodiesOf, defaultObjectSizes, NO_BODIES } from '../../model/gc/object-sizes.js';
import type { AppSpec, ObjectSizes, RuntimeSpec } from '../../model/spec.js';
import type { AppText, SizeText } from '../schema/app/index.js';

/** How large objects are; nothing where the scenario says nothing. */
export function buildObjectSizes({ object_sizes, recorded }: AppText): Pick<AppSpec, 'objectSizes'> {
  if (object_sizes === undefined) return {};
  const { allocated, resident } = object_sizes;
  const usual = defaultObjectSizes(recorded !== undefined);
  return {
    objectSizes: {
      allocated: allocated === undefined ? usual.allocated : sizesOf(allocated),
      resident: resident === undefined ? usual.resident : sizesOf(resident),
    },
  };
}

/** What objects that requests allocate need besides their slots: where their sizes are left out, `malloc` says all. */
export function bodiesAllocated({ object_sizes }: AppText, { language, version }: RuntimeSpec): Bodies {
  if (object_sizes?.allocated === undefined || language !== 'ruby') return NO_BODIES;
  return bodiesOf(sizesOf(object_sizes.allocated), heapRules(version).slotBytes);
}

function sizesOf(list: readonly SizeText[]): ObjectSizes {
  return { bytes: list.map(({ size }) => size), weights: list.map(({ weight }) => weight) };
}
