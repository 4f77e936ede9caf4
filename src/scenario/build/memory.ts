import type { Bodies } from '../../model/gc/object-sizes.js';
import { shortestPairNs } from '../../model/memory/malloc/contention.js';
import type {
  AllocatorSpec,
  BeforeFork,
  ClassMemorySpec,
  MemorySpec,
  NativeMallocSpec,
  SimulatedMemorySpec,
  WorkerKillerSpec,
} from '../../model/memory-spec.js';
import { PhaseKind } from '../../model/phases.js';
import type { AppSpec, RequestClassSpec } from '../../model/spec.js';
import type { ClassText } from '../schema/app/index.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

type MemoryText = NonNullable<ScenarioText['app']['memory']>;

const PATH = ['app', 'memory'];
const MIB = 1024 * 1024;
const NO_LIMIT = Number.POSITIVE_INFINITY;

/**
 * Memory of the processes: off, by the textbook's sum, or from its mechanisms.
 *
 * @param app the same application, as built
 * @param bodies of the objects that requests allocate
 */
export function buildMemory(scenario: ScenarioText, app: AppSpec, bodies: Bodies, context: BuildContext): MemorySpec {
  const { host } = scenario;
  const { memory } = scenario.app;
  if (memory === undefined) {
    if (host.memory !== undefined) {
      context.findings.warning(['host', 'memory'], {
        code: 'SCN_MEMORY',
        message: 'memory is not simulated without app.memory; this figure changes nothing',
        at: 'key',
      });
    }
    warnOfNativeMallocs(scenario, 'memory is not simulated without app.memory; this changes nothing', context);
    return { kind: 'off' };
  }
  if (memory.copy_on_write === undefined) return simulated(memory, scenario, app, bodies, context);
  warnOfNativeMallocs(scenario, 'the textbook sum (copy_on_write) has no arenas; this changes nothing', context);
  return textbook(memory, context);
}

function warnOfNativeMallocs({ app }: ScenarioText, message: string, { findings }: BuildContext): void {
  for (const [k, { native_malloc }] of (app.classes ?? []).entries()) {
    if (native_malloc === undefined) continue;
    findings.warning(['app', 'classes', k, 'native_malloc'], { code: 'SCN_MEMORY', message, at: 'key' });
  }
}

function textbook(memory: MemoryText, { findings }: BuildContext): MemorySpec {
  if (memory.static === undefined || memory.processing === undefined) {
    findings.problem([...PATH, 'copy_on_write'], {
      code: 'SCN_COMBINATION',
      message: 'the textbook sum needs static and processing',
      at: 'key',
    });
  }
  return {
    kind: 'textbook',
    staticBytes: memory.static ?? 0,
    processingBytes: memory.processing ?? 0,
    copyOnWrite: memory.copy_on_write!,
  };
}

/**
 * Memory of an application that has just been loaded, when nothing is said about it: of the order of a Rails
 * application of 400 000 objects.
 */
const DEFAULT_STATIC_BYTES = 150 * MIB;
/** Methods of the application for each MiB of static memory, when nothing is said about them (measured app: 27). */
const METHODS_PER_MIB = 27;
/** Share of the methods that a request executes, when nothing is said about it (measured app: 0.8 %). */
const EXECUTED_SHARE = 0.008;

function simulated(
  memory: MemoryText,
  scenario: ScenarioText,
  app: AppSpec,
  bodies: Bodies,
  context: BuildContext,
): SimulatedMemorySpec {
  const { findings } = context;
  const staticBytes = memory.static ?? DEFAULT_STATIC_BYTES;
  const methods = memory.code?.methods ?? Math.round((METHODS_PER_MIB * staticBytes) / MIB);
  const methodsPerRequest = memory.code?.per_request ?? Math.round(EXECUTED_SHARE * methods);
  if (methodsPerRequest > methods) {
    const message = `${methodsPerRequest} of ${methods} methods`;
    findings.problem([...PATH, 'code', 'per_request'], { code: 'SCN_RANGE', message });
  }
  return {
    kind: 'simulated',
    staticBytes,
    processingBytes: memory.processing ?? 0,
    allocator: allocator(scenario),
    cacheBytes: memory.cache ?? NO_LIMIT,
    classes:
      app.recorded === null ? classesOf(scenario.app.classes ?? [], app, bodies, context) : ofRecorded(app, bodies),
    code: { methods, methodsPerRequest },
    lazyBytes: memory.lazy,
    bodyBytesPerObject: bodies.bytes,
    jitBytes: memory.jit,
    beforeFork: beforeFork(scenario),
    bootSweep: memory.boot_sweep,
    workerKiller: workerKiller(memory, context),
    maxRequests: memory.max_requests ?? NO_LIMIT,
  };
}

/** What `ruby.warmup` leaves of the heap for the fork. */
function beforeFork({ ruby }: ScenarioText): BeforeFork {
  if (ruby === undefined || ruby.warmup === 'none') return 'none';
  return ruby.warmup === 'GC.start' ? 'gc' : 'compact';
}

function allocator({ ruby, host }: ScenarioText): AllocatorSpec {
  const malloc = ruby?.malloc ?? { kind: 'glibc' as const, value: {} };
  if (malloc.kind === 'jemalloc') {
    const { narenas, cpus, dirty_decay } = malloc.value;
    return { kind: 'jemalloc', narenas: narenas ?? null, cpus: cpus ?? host.cores, decayNs: dirty_decay };
  }
  const { arena_max, cpus, trim_every }: { arena_max?: number; cpus?: number; trim_every?: number } = malloc.value;
  return {
    kind: 'glibc',
    arenaMax: arena_max ?? null,
    cpus: cpus ?? host.cores,
    trimEveryRequests: trim_every ?? NO_LIMIT,
  };
}

/** Where nothing is said of blocks [bytes]. */
const USUAL_BLOCK_BYTES = 256;

/** Recorded requests malloc nothing but contents of objects, and keep none beyond their end. */
function ofRecorded({ classes }: AppSpec, bodies: Bodies): ClassMemorySpec[] {
  const blockBytes = bodies.bytes === 0 ? USUAL_BLOCK_BYTES : bodies.bytes / bodies.share;
  const nothingKept = { heldRatio: 0, heldBlocksRatio: 0, keptObjects: 0, keptObjectBytes: 0, keptBytes: 0 };
  return classes.map(() => ({ ...nothingKept, heldBlockBytes: blockBytes, blockBytes, native: null }));
}

/** Objects that a request allocates on average, those of its phases included. */
function objectsOf({ allocatedObjects, phases }: RequestClassSpec): number {
  return phases.reduce(
    (sum, { kind, demand }) => (kind === PhaseKind.Allocate ? sum + demand.mean : sum),
    allocatedObjects,
  );
}

function classesOf(
  classes: readonly ClassText[],
  app: AppSpec,
  bodies: Bodies,
  context: BuildContext,
): ClassMemorySpec[] {
  return classes.map((text, k) => {
    const { findings } = context;
    const { allocations, objects_kept, malloc, malloc_held, malloc_kept, malloc_block } = text;
    if (objects_kept > allocations) {
      const message = `${objects_kept} of ${allocations} objects that are allocated`;
      findings.problem(['app', 'classes', k, 'objects_kept'], { code: 'SCN_RANGE', message });
    }
    for (const [key, part] of [['malloc_held', malloc_held] as const, ['malloc_kept', malloc_kept] as const]) {
      if (part <= malloc) continue;
      const message = `${part} B of ${malloc} B that are malloc'ed`;
      findings.problem(['app', 'classes', k, key], { code: 'SCN_RANGE', message });
    }
    const objects = objectsOf(app.classes[k]!);
    const bytes = malloc + objects * bodies.bytes;
    const blocks = malloc / malloc_block + objects * bodies.share;
    // What outlives the request lives until its end, too.
    const held = Math.max(malloc_held, malloc_kept);
    const keptObjectBytes = objects_kept * bodies.bytes;
    return {
      heldRatio: bytes === 0 ? 0 : (held + keptObjectBytes) / bytes,
      heldBlocksRatio: bytes === 0 ? 0 : held / bytes,
      heldBlockBytes: malloc_block,
      keptObjects: objects_kept,
      keptObjectBytes,
      keptBytes: malloc_kept,
      blockBytes: bodies.bytes === 0 || blocks === 0 ? malloc_block : bytes / blocks,
      native: nativeOf(text, k, context),
    };
  });
}

/** Native code cannot malloc more often than the calls take. */
function nativeOf(
  { native_malloc, phases }: ClassText,
  k: number,
  { findings }: BuildContext,
): NativeMallocSpec | null {
  if (native_malloc === undefined) return null;
  if (!phases?.some(({ kind }) => kind === 'native')) {
    const message =
      'no phase of this class is native: Ruby code mallocs under the GVL and meets nobody; this changes nothing';
    const hint = 'add a phase {native: ...}, or say what Ruby code mallocs with malloc: ...';
    findings.warning(['app', 'classes', k, 'native_malloc'], { code: 'SCN_MEMORY', message, hint, at: 'key' });
  }
  const { per_ms, block, held } = native_malloc;
  const most = Math.floor(1e6 / shortestPairNs(block));
  if (per_ms > most) {
    const message = `${per_ms} pairs of malloc and free a millisecond; with blocks of ${block} B they take longer than that above ${most}`;
    findings.problem(['app', 'classes', k, 'native_malloc', 'per_ms'], { code: 'SCN_RANGE', message });
  }
  return { pairsPerNs: per_ms / 1e6, blockBytes: block, heldBytes: held };
}

function workerKiller({ worker_killer }: MemoryText, { findings }: BuildContext): WorkerKillerSpec | null {
  if (worker_killer === undefined) return null;
  const measures = ['rss', 'pss', 'uss'] as const;
  const given = measures.filter((measure) => worker_killer[measure] !== undefined);
  const [measure = 'rss'] = given;
  if (given.length !== 1) {
    const message = `expected exactly one of rss, pss, uss; received ${given.join(', ') || 'none'}`;
    findings.problem([...PATH, 'worker_killer'], { code: 'SCN_COMBINATION', message, at: 'key' });
  }
  return { measure, limitBytes: worker_killer[measure] ?? 0, everyNs: worker_killer.every };
}
