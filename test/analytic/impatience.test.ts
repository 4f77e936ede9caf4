import { describe, it } from 'vitest';
import { compile } from '../../src/model/bench.js';
import type { ControlSpec } from '../../src/model/control-spec.js';
import { Status } from '../../src/model/observations.js';
import { PhaseKind } from '../../src/model/phases.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createExponential } from '../../src/random/distributions/index.js';
import { createStreams } from '../../src/random/streams.js';
import { mm1ImpatientLost } from '../../src/statistics/formulas/impatience.js';
import { mmckBlocked } from '../../src/statistics/formulas/mmck.js';
import { ms } from '../support/phases.js';
import { expectAgreement, REPLICATIONS } from '../support/replications.js';
import { unicornServer, world } from '../support/worlds.js';

const SERVICE_NS = ms(10);

const system = (workers: number, offered: number, timeoutNs: number, backlog: number, checks = false): SystemSpec =>
  world({
    server: unicornServer(workers, backlog, ms(3_600_000), checks),
    edges: { clients: { timeoutNs, retries: null, gatewayTimeoutNs: Number.POSITIVE_INFINITY } },
    phases: [[PhaseKind.Cpu, createExponential(SERVICE_NS)]],
    load: { kind: 'renewal', interarrival: createExponential(SERVICE_NS / offered) },
  });

/** Share of the requests, the first tenth left out, that were abandoned before a worker took them. */
function neverTaken(spec: SystemSpec, requests: number): number[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => {
    let [lost, all] = [0, 0];
    const limits = { requests, durationNs: Number.POSITIVE_INFINITY };
    const bench = compile(spec, limits, createStreams(1, replication), {
      departed(request) {
        const { ordinal, status, process } = bench.departures;
        if (ordinal[request]! < requests / 10) return;
        all++;
        if (status[request] === Status.Abandoned && process[request] === -1) lost++;
      },
    });
    bench.kernel.runUntil(Number.POSITIVE_INFINITY);
    return lost / all;
  });
}

describe('a bounded listen queue', () => {
  // Clients give up before the kernel would try to connect again (1 s), and a hundred services are longer than any wait.
  it.each([
    [1, 2, 0.8],
    [3, 1, 3],
    [4, 4, 6],
  ])('with %i workers and a backlog of %i turns away as many as M/M/c/K at %d erlangs', (workers, backlog, offered) => {
    // The kernel's queue is full when it holds more than the backlog.
    expectAgreement(
      neverTaken(system(workers, offered, ms(999), backlog), 40_000),
      mmckBlocked(workers, workers + backlog + 1, offered),
    );
  });
});

describe('Unicorn with check_client_connection', () => {
  it.each([0.8, 1, 1.5])('is M/M/1 with impatient customers at %d erlangs', (offered) => {
    const lost = neverTaken(system(1, offered, 3 * SERVICE_NS, 1_000_000, true), 40_000);
    expectAgreement(lost, mm1ImpatientLost(offered, 1, 3));
  });
});

/** Share of the requests, the first tenth left out, that got 503. */
function shed(spec: SystemSpec, requests: number): number[] {
  return Array.from({ length: REPLICATIONS }, (_, replication) => {
    let [turnedAway, all] = [0, 0];
    const limits = { requests, durationNs: Number.POSITIVE_INFINITY };
    const bench = compile(spec, limits, createStreams(1, replication), {
      departed(request) {
        const { ordinal, status } = bench.departures;
        if (ordinal[request]! < requests / 10) return;
        all++;
        if (status[request] === Status.Shed) turnedAway++;
      },
    });
    bench.kernel.runUntil(Number.POSITIVE_INFINITY);
    return turnedAway / all;
  });
}

const controlled = (workers: number, offered: number, control: ControlSpec): SystemSpec => ({
  ...system(workers, offered, Number.POSITIVE_INFINITY, 1_000_000),
  control,
});

describe('admission with a fixed limit', () => {
  it.each([
    [1, 3, 0.8],
    [4, 4, 3], // no room to wait: Erlang B
    [4, 10, 6],
  ])('of %i workers with room for %i sheds as many as M/M/c/K at %d erlangs', (workers, limit, offered) => {
    const spec = controlled(workers, offered, {
      queueAge: null,
      adaptiveThreads: null,
      autoscaler: null,
      admission: { kind: 'fixed', value: { limit } },
    });
    expectAgreement(shed(spec, 40_000), mmckBlocked(workers, limit, offered));
  });
});

describe('load shedding by queue age', () => {
  // Who would be too old when his turn comes is turned away then, and takes no time: nobody behind him notices him.
  it.each([0.8, 1.5])(
    'sheds as many as customers of M/M/1 who wait that long at most go away, at %d erlangs',
    (offered) => {
      const spec = controlled(1, offered, {
        queueAge: { limitNs: 3 * SERVICE_NS },
        admission: null,
        adaptiveThreads: null,
        autoscaler: null,
      });
      expectAgreement(shed(spec, 40_000), mm1ImpatientLost(offered, 1, 3));
    },
  );
});
