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

/** A load of exponential CPU demands, `SERVICE_NS` each on average, that arrive independently. */
function single(utilisation: number, rules: Omit<WorldParams, 'phases' | 'load'>, servers = 1): SystemSpec {
  return world({
    ...rules,
    phases: [[PhaseKind.Cpu, createExponential(SERVICE_NS)]],
    load: { kind: 'renewal', interarrival: createExponential(SERVICE_NS / (utilisation * servers)) },
  });
}

const mu = 1 / SERVICE_NS;

/** How long a system is simulated in one experiment. */
type Length = Pick<KnownSystem, 'replications' | 'requests'>;

function mmc(name: string, servers: number, utilisation: number, note: string, length: Length): KnownSystem {
  const lambda = utilisation * servers * mu;
  return {
    name,
    title: `M/M/${servers}, utilisation ${utilisation}${note}`,
    spec: single(utilisation, { server: idealServer(servers, 1) }, servers),
    mean: servers === 1 ? mm1MeanSojourn(lambda, mu) : mmcMeanSojourn(servers, lambda, mu),
    p95: servers === 1 ? mm1SojournQuantile(lambda, mu, 0.95) : mmcSojournQuantile(servers, lambda, mu, 0.95),
    ...length,
  };
}

function sharedInSlices(name: string, utilisation: number, length: Length): KnownSystem {
  return {
    name,
    title: `Threads that share the GVL in slices of a twentieth of a request, utilisation ${utilisation}`,
    spec: single(utilisation, { server: idealServer(1, 80), gvl: 'fifo-ticks', quantumNs: TICK_NS }),
    mean: mg1PsMeanSojourn(utilisation * mu, SERVICE_NS),
    p95: psSojournQuantile(utilisation * mu, mu, 0.95),
    ...length,
  };
}

export const KNOWN_SYSTEMS: readonly KnownSystem[] = [
  mmc('mm1-50', 1, 0.5, '', { replications: 10, requests: 1000 }),
  mmc('mm4-75', 4, 0.75, '', { replications: 10, requests: 5000 }),
  sharedInSlices('ps-50', 0.5, { replications: 10, requests: 2000 }),
  mmc('mm1-90', 1, 0.9, '', { replications: 20, requests: 20_000 }),
  mmc('mm1-90-short', 1, 0.9, ', too short', { replications: 5, requests: 4000 }),
];
