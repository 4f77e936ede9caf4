import type { Kernel } from '../../kernel/kernel.js';
import type { Nanos } from '../../kernel/time.js';
import type { Streams } from '../../random/streams.js';
import type { RequestTable } from '../entities/requests.js';
import type { Threads } from '../entities/thread.js';
import type { Collector } from '../gc/collector.js';
import type { ClassReading, MemoryEvents, MemoryLayers, MemoryMeter } from '../memory-figures.js';
import type { SimulatedMemorySpec } from '../memory-spec.js';
import { type ForkPlan, HostMemory } from './host-memory.js';
import { NativeMallocs } from './malloc/native-mallocs.js';
import { MemoryCollector } from './memory-collector.js';
import { addFields } from './metrics/add-fields.js';
import { layersTogether } from './metrics/layers.js';
import { ClassNativeHeaps } from './native-heaps.js';

/** Page of the Ruby heap where no collector keeps one: Ruby up to 3.1 [bytes]. */
const HEAP_PAGE_BYTES = 16_384;

/** What the memory of one host is made of. */
export interface Residents {
  readonly threads: Threads;
  /** Null: garbage is freed when its request ends. */
  readonly collector: Collector | null;
  readonly plan: ForkPlan;
  readonly streams: Streams;
  /** Cores of the host. */
  readonly cores: number;
}

/** What is simulated of a host's memory. */
export interface Watched {
  readonly memory: HostMemory;
  /** To be used instead of the given one. */
  readonly collector: Collector;
  /** Null: no native code mallocs. */
  readonly natives: NativeMallocs | null;
}

/** Where a server finds the memory of its host. */
export interface MemorySite {
  /** The processes of a host. */
  watch(residents: Residents): Watched;
  /** For a host like this one whose memory is simulated with all its effects, but in no figures. */
  unmetered(): MemorySite;
}

/** Memory of a host, a container of its own. */
export class MemoryRoom implements MemoryMeter, MemorySite {
  private readonly hosts: HostMemory[];

  /**
   * @param liveObjects live objects of a process that has loaded the application, the interpreter's included
   * @param limitBytes memory of each host
   */
  constructor(
    private readonly spec: SimulatedMemorySpec,
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly liveObjects: number,
    private readonly limitBytes: number,
  ) {
    this.hosts = [];
  }

  unmetered(): MemorySite {
    return new MemoryRoom(this.spec, this.kernel, this.requests, this.liveObjects, this.limitBytes);
  }

  watch({ threads, collector, plan, streams, cores }: Residents): Watched {
    const { kernel, requests, spec, liveObjects, limitBytes } = this;
    const heapPageBytes = collector?.heaps?.heapOf(0).pageBytes ?? HEAP_PAGE_BYTES;
    const params = { spec, plan, liveObjects, heapPageBytes, limitBytes };
    const memory = new HostMemory(params, kernel, threads, collector, streams);
    this.hosts.push(memory);
    return {
      memory,
      collector: new MemoryCollector(kernel, requests, spec, threads, collector, memory),
      natives: spec.classes.some(({ native }) => native !== null)
        ? new NativeMallocs(new ClassNativeHeaps(kernel, requests, spec, threads, memory), cores)
        : null,
    };
  }

  read(nowNs: Nanos): readonly ClassReading[] {
    return this.hosts
      .map((host) => host.read(nowNs))
      .reduce((all, host) => all.map((one, k) => together(one, host[k]!)));
  }

  layers(nowNs: Nanos): MemoryLayers {
    return layersTogether(this.hosts.map((host) => host.layers(nowNs)));
  }

  events(): MemoryEvents {
    return this.hosts.map((host) => host.events()).reduce(allOf);
  }
}

/** The hosts run the same server: their classes of processes are the same. */
function together(a: ClassReading, b: ClassReading): ClassReading {
  return { processClass: a.processClass, count: a.count + b.count, figures: addFields(a.figures, b.figures) };
}

function allOf(a: MemoryEvents, b: MemoryEvents): MemoryEvents {
  return {
    limitBytes: a.limitBytes + b.limitBytes,
    firstCrossingNs: Math.min(a.firstCrossingNs, b.firstCrossingNs),
    oomKills: a.oomKills + b.oomKills,
    workerKills: a.workerKills === null ? null : a.workerKills + b.workerKills!,
    retired: a.retired === null ? null : a.retired + b.retired!,
  };
}
