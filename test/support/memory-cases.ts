/**
 * The measured memory cases as scenarios of the simulator, and what a run of them gives. The same coefficients and the
 * same rules for all cases.
 */
import { type Bench, compile } from '../../src/model/bench.js';
import type { ClassReading, ProcessFigures } from '../../src/model/memory-figures.js';
import type { Observer } from '../../src/model/observations.js';
import { createStreams } from '../../src/random/streams.js';
import { loadScenario } from '../../src/scenario/index.js';

const KIB = 1024;

/** One row of cow_cases.csv. */
export interface CowCase {
  readonly name: string;
  readonly server: 'puma' | 'unicorn';
  readonly workers: number;
  readonly threads: number;
  readonly preload: boolean;
  /** none, gc4, gc4compact or nakayoshi. */
  readonly beforeFork: string;
  readonly methods: number;
  readonly requestMib: number;
  readonly requests: number;
  /** Frozen constants whose objects are written when they are first referenced, after the fork. */
  readonly isLazy: boolean;
  /** At boot: resident memory of the process that loaded the application, and its live objects. */
  readonly bootRssKib: number;
  readonly liveObjects: number;
}

/** Memory of a whole container [KiB] when its workers have served `requests` together. */
export interface MemoryPoint {
  readonly requests: number;
  readonly pssKib: number;
  readonly privateDirtyKib: number;
}

/**
 * Of the temporaries of a request the app makes so many objects a MiB, and so many malloc'ed bytes an object (measured:
 * 41 700 objects for requests of 3 MiB, 52 B an object, whatever the size of the request).
 */
const OBJECTS_PER_MIB = 13_900;
const BYTES_PER_OBJECT = 52;
/** Methods that a request of the app calls (fits the decay of the shared code pages). */
const METHODS_PER_REQUEST = 50;
/** Heap that the frozen constants of the `untouched` cases keep, a third of `static_mib_param` (measured 47 of 150 MiB). */
const LAZY_MIB_OF_STATIC = 47 / 150;

export function cowScenario(c: CowCase): string {
  const objects = Math.round(OBJECTS_PER_MIB * c.requestMib);
  const server =
    c.server === 'unicorn'
      ? `{unicorn: {worker_processes: ${c.workers}, preload_app: ${c.preload}}}`
      : `{puma: {version: "5.6", workers: ${c.workers}, threads: ${c.threads}, preload_app: ${c.preload}}}`;
  const before = c.beforeFork === 'none' ? 'none' : c.beforeFork === 'gc4' ? 'gc' : 'compact';
  return `version: 1
name: cow
host: {cores: 2}
ruby: {version: "3.1"}
server: ${server}
app:
  resident_objects: ${Math.max(0, c.liveObjects - 35_000)}
  classes:
    - {name: r, cpu: ${Math.max(1, Math.round(6 * c.requestMib))}ms, allocations: ${objects}, malloc: ${objects * BYTES_PER_OBJECT}B}
  memory:
    static: ${c.bootRssKib}KiB
    code: {methods: ${c.methods}, per_request: ${METHODS_PER_REQUEST}}
    lazy: ${c.isLazy ? Math.round(LAZY_MIB_OF_STATIC * 150) : 0}MiB
    before_fork: ${before}
load: {closed: {users: ${c.workers * c.threads}, think: 1ms}}
run: {requests: ${c.requests}, replications: 1, warmup: 0}
`;
}

/** Runs a scenario and reads its memory whenever so many requests have left. */
export function memoryAt(text: string, points: readonly number[]): MemoryPoint[] {
  const { experiment, problems } = loadScenario({ file: 'case.yml', text }, { readText: () => '' });
  if (experiment === null) throw new Error(JSON.stringify(problems, null, 1));
  const { system } = experiment.configurations[0]!;
  const wanted = [...points];
  const found: MemoryPoint[] = [];
  let left = 0;
  let bench: Bench | null = null;
  const observer: Observer = {
    departed: (_, nowNs) => {
      left++;
      if (left === wanted[0]) found.push(point(wanted.shift()!, bench!.memory!.read(nowNs)));
    },
  };
  const { run } = experiment;
  bench = compile(system, { requests: run.requests, durationNs: run.durationNs }, createStreams(run.seed, 0), observer);
  if (wanted[0] === 0) found.push(point(wanted.shift()!, bench.memory!.read(0)));
  bench.kernel.runUntil(Number.POSITIVE_INFINITY);
  return found;
}

function point(requests: number, classes: readonly ClassReading[]): MemoryPoint {
  const sum = (of: (figures: ProcessFigures) => number): number =>
    classes.reduce((total, { figures }) => total + of(figures), 0) / KIB;
  return { requests, pssKib: sum(({ pss }) => pss), privateDirtyKib: sum(({ privateDirty }) => privateDirty) };
}
