import { PhaseKind } from '../../model/phases.js';
import type { PhaseSpec, RequestClassSpec } from '../../model/spec.js';
import type { ClassText, PhaseText } from '../schema/app.js';
import type { BuildContext } from './context.js';

type Path = readonly PropertyKey[];

const KIND = { cpu: PhaseKind.Cpu, io: PhaseKind.Io, hold: PhaseKind.Hold, native: PhaseKind.Native } as const;

/** Request classes as written. */
export function buildClasses(classes: readonly ClassText[], path: Path, context: BuildContext): RequestClassSpec[] {
  const names = new Set<string>();
  return classes.map((written, k) => {
    const here = [...path, k];
    checkName(written.name, names, [...here, 'name'], context);
    return {
      name: written.name,
      weight: written.weight,
      phases: buildPhases(written, here, context),
      allocatedObjects: written.allocations,
      mallocBytes: written.malloc,
    };
  });
}

function checkName(name: string, names: Set<string>, path: Path, { findings }: BuildContext): void {
  if (names.has(name)) findings.problem(path, { code: 'SCN_NAME', message: `two classes are called ${name}` });
  if (name === 'all') findings.problem(path, { code: 'SCN_NAME', message: 'the name all stands for all classes' });
  names.add(name);
}

function buildPhases(written: ClassText, path: Path, context: BuildContext): PhaseSpec[] {
  const { phases, cpu, io } = written;
  if (phases !== undefined) {
    if (cpu !== undefined || io !== undefined) context.findings.problem(path, together(written));
    return phases.map((phase, k) => buildPhase(phase, [...path, 'phases', k], context));
  }
  if (cpu === undefined && io === undefined) context.findings.problem(path, together(written));
  return summarised(written, path, context);
}

function together({ cpu, io, phases }: ClassText) {
  const given = Object.entries({ cpu, io, phases }).filter(([, value]) => value !== undefined);
  const received = given.map(([key]) => key).join(' + ') || 'none';
  return { code: 'SCN_COMBINATION', message: `expected cpu, io, or both, or phases; received ${received}` } as const;
}

function buildPhase(phase: PhaseText, path: Path, context: BuildContext): PhaseSpec {
  if (phase.kind !== 'allocate') {
    const demand = context.distribution(phase.value, [...path, phase.kind]);
    return { kind: KIND[phase.kind], demand, share: null, keptObjects: 0 };
  }
  const { objects, kept } = phase.value;
  const demand = context.distribution(objects, [...path, 'allocate', 'objects']);
  if (kept > demand.mean) {
    const message = `keeps ${kept} of ${demand.mean} objects`;
    context.findings.problem([...path, 'allocate', 'kept'], { code: 'SCN_RANGE', message });
  }
  return { kind: PhaseKind.Allocate, demand, share: null, keptObjects: kept };
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
