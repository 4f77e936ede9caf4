import { PhaseKind } from '../../src/model/phases.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createExponential } from '../../src/random/distributions/index.js';
import {
  mg1PsMeanSojourn,
  mm1MeanSojourn,
  mm1SojournQuantile,
  mmcMeanSojourn,
  mmcSojournQuantile,
  psSojournQuantile,
} from '../../src/statistics/formulas/index.js';
import { ms } from '../../test/support/phases.js';
import { idealServer, type WorldParams, world } from '../../test/support/worlds.js';

/** A system whose sojourn time is known, and how long it is simulated in one experiment. */
export interface KnownSystem {
  readonly name: string;
  readonly title: string;
  readonly spec: SystemSpec;
  /** ns */
  readonly mean: number;
  readonly p95: number;
  readonly replications: number;
  /** Arrivals of a replication; the first tenth is cut. */
  readonly requests: number;
}

const SERVICE_NS = ms(200);
/** The shortest time slice of Ruby 3.3: one tick of its timer. */
const TICK_NS = ms(10);

function single(utilisation: number, rules: Omit<WorldParams, 'phases' | 'load'>, servers = 1): SystemSpec {
  return world({
    ...rules,
    phases: [[PhaseKind.Cpu, createExponential(SERVICE_NS)]],
    load: { kind: 'renewal', interarrival: createExponential(SERVICE_NS / (utilisation * servers)) },
  });
}

const mu = 1 / SERVICE_NS;

export const KNOWN_SYSTEMS: readonly KnownSystem[] = [
  {
    name: 'mm1-50',
    title: 'M/M/1, utilisation 0.5',
    spec: single(0.5, { server: idealServer(1, 1) }),
    mean: mm1MeanSojourn(0.5 * mu, mu),
    p95: mm1SojournQuantile(0.5 * mu, mu, 0.95),
    replications: 10,
    requests: 2000,
  },
  {
    name: 'mm4-70',
    title: 'M/M/4, utilisation 0.7',
    spec: single(0.7, { server: idealServer(4, 1) }, 4),
    mean: mmcMeanSojourn(4, 2.8 * mu, mu),
    p95: mmcSojournQuantile(4, 2.8 * mu, mu, 0.95),
    replications: 20,
    requests: 8000,
  },
  {
    name: 'ps-50',
    title: 'Threads that share the GVL in slices of a twentieth of a request, utilisation 0.5',
    spec: single(0.5, { server: idealServer(1, 80), gvl: 'fifo-ticks', quantumNs: TICK_NS }),
    mean: mg1PsMeanSojourn(0.5 * mu, SERVICE_NS),
    p95: psSojournQuantile(0.5 * mu, mu, 0.95),
    replications: 20,
    requests: 1500,
  },
  {
    name: 'mm1-90',
    title: 'M/M/1, utilisation 0.9',
    spec: single(0.9, { server: idealServer(1, 1) }),
    mean: mm1MeanSojourn(0.9 * mu, mu),
    p95: mm1SojournQuantile(0.9 * mu, mu, 0.95),
    replications: 20,
    requests: 20_000,
  },
  {
    name: 'mm1-90-short',
    title: 'M/M/1, utilisation 0.9, too short',
    spec: single(0.9, { server: idealServer(1, 1) }),
    mean: mm1MeanSojourn(0.9 * mu, mu),
    p95: mm1SojournQuantile(0.9 * mu, mu, 0.95),
    replications: 5,
    requests: 4000,
  },
];
