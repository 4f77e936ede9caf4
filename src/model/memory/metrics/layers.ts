import type { Nanos } from '../../../kernel/time.js';
import type { RubyHeap } from '../../gc/ruby-heap.js';
import type { MallocFigures, MemoryLayers, RubyHeapFigures } from '../../memory-figures.js';
import type { MallocHeap } from '../malloc/allocator.js';

/** The layers of one process. @param heap null where no collector keeps one */
export function layersOf(heap: RubyHeap | null, malloc: MallocHeap, nowNs: Nanos): MemoryLayers {
  return {
    rubyHeap: heap === null ? null : rubyHeapFigures(heap),
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
    rubyHeap: heaps.length === 0 ? null : heaps.reduce(sumOfHeaps),
    malloc: all.map(mallocOf).reduce(sumOfMalloc),
  };
}

const mallocOf = ({ malloc }: MemoryLayers): MallocFigures => malloc;

function sumOfHeaps(a: RubyHeapFigures, b: RubyHeapFigures): RubyHeapFigures {
  return {
    pages: a.pages + b.pages,
    pageBytes: a.pageBytes + b.pageBytes,
    usedBytes: a.usedBytes + b.usedBytes,
    emptyBytes: a.emptyBytes + b.emptyBytes,
  };
}

function sumOfMalloc(a: MallocFigures, b: MallocFigures): MallocFigures {
  return {
    arenas: a.arenas + b.arenas,
    liveBytes: a.liveBytes + b.liveBytes,
    keptBytes: a.keptBytes + b.keptBytes,
    reservedBytes: a.reservedBytes + b.reservedBytes,
  };
}
