import { SECOND } from '../../kernel/time.js';
import type { ClientsParams } from '../../model/clients/patience/params.js';
import type { Bodies } from '../../model/gc/object-sizes.js';
import { PhaseKind } from '../../model/phases.js';
import { ASYNC_GROUP, type PhaseSpec, type RequestClassSpec } from '../../model/spec.js';
import type { Distribution } from '../../random/distribution.js';
import { createConstant } from '../../random/distributions/index.js';
import { nearest } from '../../schema/index.js';
import type { ClassText, PhaseText } from '../schema/app/index.js';
import type { BuildContext } from './context.js';

type Path = readonly PropertyKey[];

const KIND = {
  cpu: PhaseKind.Cpu,
  io: PhaseKind.Io,
  hold: PhaseKind.Hold,
  short_holds: PhaseKind.ShortHolds,
  native: PhaseKind.Native,
} as const;

/** What classes refer to by name; mutexes are collected on the way. */
export interface Names {
  readonly services: readonly string[];
  readonly mutexes: string[];
}

/** Request classes as written. */
export function buildClasses(
  classes: readonly ClassText[],
  path: Path,
  context: BuildContext,
  refers: Names,
  bodies: Bodies,
  transfers: Transfers,
): RequestClassSpec[] {
  const names = new Set<string>();
  return classes.map((written, k) => {
    const here = [...path, k];
    checkName(written.name, names, [...here, 'name'], context);
    return {
      name: written.name,
      weight: written.weight,
      phases: buildPhases(written, here, context, refers),
      allocatedObjects: written.allocations,
      mallocBytes: written.malloc + written.allocations * bodies.bytes,
      ...uploadOf(written, transfers),
      ...downloadOf(written, transfers),
    };
  });
}

/** How clients send bodies and take in answers. */
export type Transfers = Pick<ClientsParams, 'sendsBytesPerSec' | 'receives'>;

/** Where a scenario says nothing of its clients. */
export const AT_ONCE: Transfers = { sendsBytesPerSec: Number.POSITIVE_INFINITY, receives: null };

function uploadOf({ body }: ClassText, { sendsBytesPerSec }: Transfers): Pick<RequestClassSpec, 'uploadNs'> {
  const uploadNs = Math.round((body / sendsBytesPerSec) * SECOND);
  return uploadNs === 0 ? {} : { uploadNs };
}

function downloadOf({ response }: ClassText, { receives }: Transfers): Pick<RequestClassSpec, 'downloadNs'> {
  if (receives === null || response <= receives.socketBytes) return {};
  return { downloadNs: Math.round(((response - receives.socketBytes) / receives.bytesPerSec) * SECOND) };
}

function checkName(name: string, names: Set<string>, path: Path, { findings }: BuildContext): void {
  if (names.has(name)) findings.problem(path, { code: 'SCN_NAME', message: `two classes are called ${name}` });
  if (name === 'all') findings.problem(path, { code: 'SCN_NAME', message: 'the name all stands for all classes' });
  names.add(name);
}

function buildPhases(written: ClassText, path: Path, context: BuildContext, refers: Names): PhaseSpec[] {
  const { phases, cpu, io } = written;
  if (phases !== undefined) {
    if (cpu !== undefined || io !== undefined) context.findings.problem(path, together(written));
    return phases.flatMap((phase, k) => buildPhase(phase, k, [...path, 'phases', k], context, refers));
  }
  if (cpu === undefined && io === undefined) context.findings.problem(path, together(written));
  return summarised(written, path, context);
}

function together({ cpu, io, phases }: ClassText) {
  const given = Object.entries({ cpu, io, phases }).filter(([, value]) => value !== undefined);
  const received = given.map(([key]) => key).join(' + ') || 'none';
  return { code: 'SCN_COMBINATION', message: `expected cpu, io, or both, or phases; received ${received}` } as const;
}

function buildPhase(phase: PhaseText, index: number, path: Path, context: BuildContext, refers: Names): PhaseSpec[] {
  const one = (kind: PhaseKind, demand: Distribution, keptObjects = 0): PhaseSpec => ({
    kind,
    demand,
    share: null,
    keptObjects,
  });
  if (phase.kind === 'call') {
    const { to, takes } = phase.value;
    const service = serviceOf(to, [...path, 'call', 'to'], context, refers);
    return [one(PhaseKind.Call, context.distribution(takes, [...path, 'call', 'takes']), service)];
  }
  if (phase.kind === 'load_async') {
    const { to, takes, calls } = phase.value;
    const service = serviceOf(to, [...path, 'load_async', 'to'], context, refers);
    const demand = context.distribution(takes, [...path, 'load_async', 'takes']);
    return Array.from({ length: calls }, () => one(PhaseKind.Async, demand, service + ASYNC_GROUP * index));
  }
  if (phase.kind === 'synchronize') {
    const { mutex, cpu, io } = phase.value;
    const known = refers.mutexes.indexOf(mutex);
    const lock = known >= 0 ? known : refers.mutexes.push(mutex) - 1;
    const work = one(PhaseKind.Cpu, context.distribution(cpu, [...path, 'synchronize', 'cpu']));
    const wait = io === undefined ? [] : [one(PhaseKind.Io, context.distribution(io, [...path, 'synchronize', 'io']))];
    return [
      one(PhaseKind.Lock, createConstant(0), lock),
      work,
      ...wait,
      one(PhaseKind.Unlock, createConstant(0), lock),
    ];
  }
  if (phase.kind !== 'allocate')
    return [one(KIND[phase.kind], context.distribution(phase.value, [...path, phase.kind]))];
  const { objects, kept } = phase.value;
  const demand = context.distribution(objects, [...path, 'allocate', 'objects']);
  if (kept > demand.mean) {
    const message = `keeps ${kept} of ${demand.mean} objects`;
    context.findings.problem([...path, 'allocate', 'kept'], { code: 'SCN_RANGE', message });
  }
  return [one(PhaseKind.Allocate, demand, kept)];
}

function serviceOf(name: string, path: Path, { findings }: BuildContext, { services }: Names): number {
  const index = services.indexOf(name);
  if (index >= 0) return index;
  const near = nearest(name, services);
  const hint = near === null ? 'name it in app.services' : `did you mean ${near}?`;
  findings.problem(path, { code: 'SCN_CHOICE', message: `no service is called ${name}`, hint });
  return 0;
}

/** `cpu` in total, in equal pieces before, between and after the waits of `io`. */
function summarised({ cpu, io }: ClassText, path: Path, context: BuildContext): PhaseSpec[] {
  const calls = io?.calls ?? 0;
  const work = cpu === undefined ? null : context.distribution(cpu, [...path, 'cpu']);
  const wait = io === undefined ? null : context.distribution(io.each, [...path, 'io', 'each']);
  const share = calls === 0 ? null : { group: 0, parts: calls + 1 };
  const phases: PhaseSpec[] = [];
  for (let piece = 0; piece <= calls; piece++) {
    if (work !== null) phases.push({ kind: PhaseKind.Cpu, demand: work, share, keptObjects: 0 });
    if (wait !== null && piece < calls) phases.push({ kind: PhaseKind.Io, demand: wait, share: null, keptObjects: 0 });
  }
  return phases;
}
