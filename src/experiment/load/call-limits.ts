import { SECOND } from '../../kernel/time.js';
import { PhaseKind } from '../../model/phases.js';
import { type AppSpec, ASYNC_GROUP, type PhaseSpec } from '../../model/spec.js';

/** What named services allow at most, by hand formula. */
export interface CallLimit {
  /** `pool`: connections of the processes. `service`: what it works on at the same time. */
  readonly kind: 'pool' | 'service';
  /** Name of the service. */
  readonly service: string;
  /** Connections of a process, resp. calls at the same time. */
  readonly size: number;
  /** How long a request keeps one of them on average, alone in the system [ns]. */
  readonly heldNs: number;
  /** Largest rate of requests that goes with it [1/s]. */
  readonly perSec: number;
}

/**
 * Each bounded service and pool lets at most size / (mean time for which a request has one) requests through in a second, a
 * pool in each process. Waiting for the GVL with a connection in hand makes it less: that is not in the formula.
 *
 * @param processes of all hosts
 * @param lengthNs mean length of a phase, alone in the system [ns]
 */
export function callLimits(
  { services = [], classes }: AppSpec,
  processes: number,
  lengthNs: (phase: PhaseSpec, all: readonly PhaseSpec[]) => number,
): readonly CallLimit[] {
  const total = classes.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (phases: readonly PhaseSpec[]) => number): number =>
    classes.reduce((sum, { weight, phases }) => sum + (weight / total) * of(phases), 0);
  return services.flatMap(({ name, capacity, pool }, service) => {
    const limits: CallLimit[] = [];
    const add = (kind: CallLimit['kind'], size: number, many: number, heldNs: number): void => {
      if (heldNs > 0) limits.push({ kind, service: name, size, heldNs, perSec: (many * size * SECOND) / heldNs });
    };
    if (pool !== null) {
      const held = pool.heldFor === 'call' ? duringCalls : sinceFirstCall;
      add(
        'pool',
        pool.size,
        processes,
        mean((phases) => held(phases, service, lengthNs)),
      );
    }
    if (Number.isFinite(capacity))
      add(
        'service',
        capacity,
        1,
        mean((phases) => workOf(phases, service)),
      );
    return limits;
  });
}

type Length = (phase: PhaseSpec, all: readonly PhaseSpec[]) => number;

function isCall({ kind, keptObjects }: PhaseSpec, service: number): boolean {
  return kind === PhaseKind.Call && keptObjects === service;
}

function duringCalls(phases: readonly PhaseSpec[], service: number, lengthNs: Length): number {
  return phases.filter((phase) => isCall(phase, service)).reduce((sum, phase) => sum + lengthNs(phase, phases), 0);
}

/** Held from the first call to the end of the request. */
function sinceFirstCall(phases: readonly PhaseSpec[], service: number, lengthNs: Length): number {
  const first = phases.findIndex((phase) => isCall(phase, service));
  return first === -1 ? 0 : phases.slice(first).reduce((sum, phase) => sum + lengthNs(phase, phases), 0);
}

/** What the service has to do for a request, calls made at the same time one by one. */
function workOf(phases: readonly PhaseSpec[], service: number): number {
  const asked = phases.filter(
    (phase) =>
      isCall(phase, service) || (phase.kind === PhaseKind.Async && phase.keptObjects % ASYNC_GROUP === service),
  );
  return asked.reduce((sum, { demand, share }) => sum + demand.mean / (share?.parts ?? 1), 0);
}
