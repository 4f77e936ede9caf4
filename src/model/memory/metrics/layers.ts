import type { Nanos } from '../../../kernel/time.js';
import type { RubyHeap } from '../../gc/ruby-heap.js';
import type { MemoryLayers, RubyHeapFigures, SizePoolFigures } from '../../memory-figures.js';
import type { MallocHeap } from '../malloc/allocator.js';
import { addFields } from './add-fields.js';

/** The layers of one process. @param heap null where no collector keeps one */
export function layersOf(heap: RubyHeap | null, malloc: MallocHeap, nowNs: Nanos): MemoryLayers {
  return {
    rubyHeap: heap === null ? null : rubyHeapFigures(heap),
    sizePools: heap?.sizePools ?? [],
    malloc: {
      arenas: malloc.arenas,
      liveBytes: malloc.live(),
      keptBytes: malloc.resident(nowNs),
      reservedBytes: malloc.reserved(nowNs),
    },
  };
}

function rubyHeapFigures({ pages, emptyPages, pageBytes, usedBytes }: RubyHeap): RubyHeapFigures {
  return { pages, pageBytes: pages * pageBytes, usedBytes, emptyBytes: emptyPages * pageBytes };
}

/** Several processes, all with a Ruby heap or all without. */
export function layersTogether(all: readonly MemoryLayers[]): MemoryLayers {
  const heaps = all.flatMap(({ rubyHeap }) => (rubyHeap === null ? [] : [rubyHeap]));
  return {
    rubyHeap: heaps.length === 0 ? null : heaps.reduce(addFields),
    sizePools: all.map(({ sizePools }) => sizePools).reduce(poolsTogether),
    malloc: all.map(({ malloc }) => malloc).reduce(addFields),
  };
}

/** All heaps have the same slot sizes. */
function poolsTogether(a: readonly SizePoolFigures[], b: readonly SizePoolFigures[]): SizePoolFigures[] {
  return a.map((pool, k) => ({
    slotBytes: pool.slotBytes,
    pageBytes: pool.pageBytes + b[k]!.pageBytes,
    usedBytes: pool.usedBytes + b[k]!.usedBytes,
  }));
}
