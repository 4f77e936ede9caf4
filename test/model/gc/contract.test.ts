import { Kernel } from '../../../src/kernel/kernel.js';
import { NOBODY } from '../../../src/model/entities/ids.js';
import type { RequestTable } from '../../../src/model/entities/requests.js';
import type { Threads } from '../../../src/model/entities/thread.js';
import type { Collector } from '../../../src/model/gc/collector.js';
import { ExplicitCollector } from '../../../src/model/gc/explicit.js';
import type { HostMemory } from '../../../src/model/memory/host-memory.js';
import { MemoryCollector } from '../../../src/model/memory/memory-collector.js';
import type { SimulatedMemorySpec } from '../../../src/model/memory-spec.js';
import { SharedHeap } from '../../../src/model/runtimes/ractors/shared-heap.js';
import { createExponential } from '../../../src/random/distributions/index.js';
import { createStreams } from '../../../src/random/streams.js';
import { type CollectorKind, collectorContract } from '../../support/collector-contract.js';
import { ms } from '../../support/phases.js';
import { smallHeap } from './small-heap.js';

const APART = [[0], [1]];

const KINDS: readonly CollectorKind[] = [
  { name: 'stated, by time', make: () => explicit(ms(2), 0), heaps: APART, collects: true },
  { name: 'stated, by requests', make: () => explicit(0, 2), heaps: APART, collects: true },
  { name: 'Ruby 3.1', make: () => smallHeap('3.1', 'old object', 2), heaps: APART, collects: true },
  { name: 'Ruby 3.4', make: () => smallHeap('3.4', 'young object', 2), heaps: APART, collects: true },
  {
    name: 'told to the memory',
    make: () => told(smallHeap('3.4', 'young object', 2)),
    heaps: APART,
    collects: true,
  },
  { name: 'none, told to the memory', make: () => told(null), heaps: APART, collects: false },
  {
    name: 'of two ractors each',
    make: () => new SharedHeap(smallHeap('3.4', 'young object', 2), 2),
    heaps: [
      [0, 1],
      [2, 3],
    ],
    collects: true,
  },
];

for (const kind of KINDS) collectorContract(kind);

function explicit(everyRunNs: number, everyRequests: number): Collector {
  const pause = createExponential(ms(1));
  const params = { processes: 2, everyRunNs, everyRequests, pause, majorEvery: 3 };
  return new ExplicitCollector(params, createStreams(1, 0).open('gc'));
}

/** Two processes of one thread without a request, in a memory that listens and does nothing. */
function told(inner: Collector | null): Collector {
  const silent = (): void => {};
  const worker = { lookAtHeap: silent, allocated: silent, collected: silent, bytes: { sweptUp: silent } };
  const memory = { workers: [worker, worker], freeSlots: () => 0 } as unknown as HostMemory;
  const threads = [0, 1].map((id) => [{ id, request: NOBODY }]) as unknown as Threads;
  const spec = { classes: [] } as unknown as SimulatedMemorySpec;
  return new MemoryCollector(new Kernel(), {} as RequestTable, spec, threads, inner, memory);
}
