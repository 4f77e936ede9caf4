import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { ProcessState } from '../../../src/model/processes/processes.js';
import type { ServerSpec, SystemSpec } from '../../../src/model/spec.js';
import { createConstant, createExponential } from '../../../src/random/distributions/index.js';
import { load as loadText } from '../../scenario/load-text.js';
import { c, ms } from '../../support/phases.js';
import {
  byArrival,
  type Departure,
  idealServer,
  runWorld,
  unicornServer,
  type WorldParams,
  world,
  written,
} from '../../support/worlds.js';

const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 40);

function system(params: Omit<WorldParams, 'phases'>, operations: readonly unknown[]): SystemSpec {
  const phases = [[PhaseKind.Io, createConstant(ms(10))]] as const;
  return { ...world({ phases, ...params }), operations: operationsParams.parse(operations) };
}

/** A request every 7 ms for `seconds`. */
function steady(server: ServerSpec, seconds: number, operations: readonly unknown[], hosts = 0): Departure[] {
  const edges = hosts === 0 ? {} : { balancer: { hosts, balance: 'round_robin' } };
  const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
  return byArrival(runWorld(system({ server, load, edges }, operations), { limits: { durationNs: seconds * SECOND } }));
}

const statuses = (departures: readonly Departure[]) => new Set(departures.map(({ status }) => status));
const failed = (departures: readonly Departure[]) => departures.filter(({ status }) => status !== Status.Ok);
const slowest = (departures: readonly Departure[]) =>
  Math.max(...departures.map(({ arrivedNs, departedNs }) => departedNs - arrivedNs));

const loading = { workers: 3, threads: 2, preload_app: false, boot_time: '2s' };

describe('restarts', () => {
  it('phased: one worker at a time loads the application, and nobody fails or waits for it', () => {
    const server = written('puma', { version: '7.2', ...loading });
    const departures = steady(server, 10, [{ phased_restart: { at: '1s' } }]);
    expect(statuses(departures)).toEqual(new Set([Status.Ok]));
    expect(slowest(departures)).toBeLessThan(ms(50));
    // Each worker is missing for its 2 s of loading, in its turn.
    for (const worker of [0, 1, 2]) {
      const from = 1 + 2 * worker;
      const during = departures.filter(
        ({ arrivedNs }) => arrivedNs > (from + 0.1) * SECOND && arrivedNs < (from + 1.9) * SECOND,
      );
      expect(during.some(({ process }) => process === worker)).toBe(false);
      expect(during.some(({ process }) => process !== worker)).toBe(true);
    }
  });

  it('full: connections wait in the listen queue for as long as the application is loaded', () => {
    for (const preload_app of [true, false]) {
      const server = written('puma', { version: '7.2', ...loading, preload_app });
      const departures = steady(server, 6, [{ full_restart: { at: '1s' } }]);
      expect(statuses(departures)).toEqual(new Set([Status.Ok]));
      expect(slowest(departures)).toBeGreaterThan(1.98 * SECOND);
      expect(slowest(departures)).toBeLessThan(2.9 * SECOND); // the queue of 2 s is worked off by six threads
    }
  });

  it('full: workers that load the application for themselves compete for the cores', () => {
    const server = written('puma', { version: '7.2', ...loading });
    const departures = byArrival(
      runWorld(
        system({ server, cores: 1, load: { kind: 'renewal', interarrival: createConstant(SECOND) } }, [
          { full_restart: { at: '1500ms' } },
        ]),
        { limits: { durationNs: 5 * SECOND } },
      ),
    );
    // Three times 2 s on one core: all are there after 6 s.
    expect(departures[2]!.departedNs).toBeGreaterThan(7.4 * SECOND);
  });

  it('of Unicorn with preload_app: loaded once, then forked', () => {
    const server = written('unicorn', { worker_processes: 3, preload_app: true, boot_time: '1s' });
    const departures = steady(server, 4, [{ full_restart: { at: '1s' } }]);
    expect(statuses(departures)).toEqual(new Set([Status.Ok]));
    expect(slowest(departures)).toBeGreaterThan(0.98 * SECOND);
  });

  it('reload: all at once, each replaced when it has ended; connections wait until the first has loaded', () => {
    for (const server of [
      written('gunicorn', { workers: 3, boot_time: '1s' }),
      written('gunicorn', { workers: 3, threads: 2, boot_time: '1s' }),
      written('falcon', { count: 3, boot_time: '1s' }),
    ]) {
      const departures = steady(server, 4, [{ reload: { at: '1s' } }]);
      expect(statuses(departures)).toEqual(new Set([Status.Ok]));
      const waiting = departures.filter(({ arrivedNs }) => arrivedNs > 1.01 * SECOND && arrivedNs < 1.9 * SECOND);
      // Somebody who came at 1.01 s was served by a process that had begun to load when its predecessor had ended.
      expect(Math.min(...waiting.map(({ departedNs }) => departedNs))).toBeGreaterThan(2 * SECOND);
      expect(slowest(departures)).toBeLessThan(1.1 * SECOND);
    }
  });

  it('rolling: hosts leave the balancer before they stop, so nobody fails', () => {
    const server = written('puma', { version: '7.2', ...loading });
    const departures = steady(server, 30, [{ rolling_restart: { at: '1s', grace: '1s' } }], 3);
    expect(statuses(departures)).toEqual(new Set([Status.Ok]));
    expect(slowest(departures)).toBeLessThan(ms(50));
    const hostsDuring = (from: number, to: number) =>
      new Set(
        departures
          .filter(({ arrivedNs }) => arrivedNs > from * SECOND && arrivedNs < to * SECOND)
          .map(({ process }) => Math.floor(process / 3)),
      );
    expect(hostsDuring(1.1, 3.9)).toEqual(new Set([1, 2]));
    expect(hostsDuring(4.1, 6.9)).toEqual(new Set([0, 2]));
    expect(hostsDuring(7.1, 9.9)).toEqual(new Set([0, 1]));
    expect(hostsDuring(10.2, 12)).toEqual(new Set([0, 1, 2]));
  });
});

describe('the ideal server', () => {
  it('replaces a process at once: a restart costs nobody anything but the loss of a worker its requests', () => {
    const server = idealServer(2, 1);
    for (const operation of ['phased_restart', 'reload', 'full_restart']) {
      const departures = steady(server, 3, [{ [operation]: { at: '1s' } }]);
      expect(statuses(departures)).toEqual(new Set([Status.Ok]));
      expect(slowest(departures)).toBeLessThan(ms(20)); // 10 ms, and at most the rest of the request before
    }
    const lost = failed(steady(server, 3, [{ worker_loss: { at: '1002ms', worker: 0 } }]));
    expect(lost.map(({ departedNs }) => departedNs)).toEqual([ms(1002)]);
  });

  it('hands out who waits for a restart by load, one to each process', () => {
    const phases = [c(ms(100))];
    const at = (atNs: number) => ({ atNs, phases });
    const requests = [0, 0, 0, 0, 60, 60, 60, 60].map((atMs) => at(ms(atMs)));
    const operations = operationsParams.parse([{ full_restart: { at: '50ms' } }]);
    const { departures } = runWorld({ ...world({ server: idealServer(4, 4), requests }), operations });
    expect(departures.map(({ departedNs }) => departedNs / ms(1))).toEqual([100, 100, 100, 100, 200, 200, 200, 200]);
  });

  it('that is lost refuses everybody until it is back', () => {
    const departures = steady(idealServer(2, 1), 4, [{ host_loss: { at: '1s', back_after: '1s' } }]);
    for (const { arrivedNs, status, departedNs } of departures) {
      const isDown = arrivedNs > SECOND && arrivedNs < 2 * SECOND;
      if (isDown) expect([status, departedNs]).toEqual([Status.Refused, arrivedNs]);
      if (arrivedNs < 0.98 * SECOND || arrivedNs > 2 * SECOND) expect(status).toBe(Status.Ok);
    }
  });

  it('has ractors that live as long as the run', () => {
    const { problems } = loadText(
      '{version: 1, name: x, host: {cores: 1}, server: {ideal: {ractors: 2}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}, operations: [{reload: {at: 1s}}]}',
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('ractors live as long as the run'),
    ]);
  });
});

describe('restarts that overlap', () => {
  const puma = written('puma', { version: '7.2', workers: 3, threads: 1, preload_app: false, boot_time: '1s' });
  /** When which process is ready [s]. */
  const births = (server: ServerSpec, operations: readonly unknown[], hosts = 0) => {
    const load = { kind: 'renewal', interarrival: createConstant(ms(70)) } as const;
    const edges = hosts === 0 ? {} : { balancer: { hosts, balance: 'round_robin' } };
    const log: [number, number][] = [];
    const { departures } = runWorld(system({ server, load, edges, cores: 64 }, operations), {
      limits: { durationNs: 20 * SECOND },
      prepare: ({ processes, kernel }) =>
        processes!.watch({ ready: (process) => log.push([process, Math.round(kernel.nowNs() / ms(100)) / 10]) }),
    });
    return { log, departures };
  };

  it('a phased restart is not heard by a master that is on its way down or up', () => {
    for (const second of ['1s', '1010ms', '1500ms']) {
      for (const kind of ['phased_restart', 'reload']) {
        const { log } = births(puma, [{ full_restart: { at: '1s' } }, { [kind]: { at: second } }]);
        expect([second, kind, log]).toEqual([second, kind, [0, 1, 2].map((process) => [process, 2])]);
      }
    }
  });

  it('a full restart ends a phased one: what comes up has the new version', () => {
    const { log } = births(puma, [{ phased_restart: { at: '1s' } }, { full_restart: { at: '2500ms' } }]);
    expect(log).toEqual([[0, 2], ...[0, 1, 2].map((process) => [process, 3.5])]);
  });

  it('a phased restart while one goes on starts over, when nobody boots (Puma counts phases)', () => {
    const { log } = births(puma, [{ phased_restart: { at: '1s' } }, { phased_restart: { at: '2500ms' } }]);
    // Worker 1 boots with the first version: it is waited for, and has another turn.
    expect(log).toEqual([0, 1, 0, 1, 2].map((process, k) => [process, k + 2]));
  });

  it('a reload of workers that boot begins their boot again', () => {
    const unicorn = written('unicorn', { worker_processes: 2, preload_app: false, boot_time: '1s' });
    const { log } = births(unicorn, [{ reload: { at: '1s' } }, { reload: { at: '1500ms' } }]);
    expect(log).toEqual([0, 1].map((process) => [process, 2.5]));
  });

  it('a full restart while the one before boots starts over', () => {
    const { log } = births(puma, [{ full_restart: { at: '1s' } }, { full_restart: { at: '1500ms' } }]);
    expect(log).toEqual([0, 1, 2].map((process) => [process, 2.5]));
  });

  it('a lost host does not come back by a restart, and a rolling restart goes on without it', () => {
    const { log, departures } = births(
      written('puma', { version: '7.2', workers: 1, threads: 4, boot_time: '1s' }),
      [
        { host_loss: { at: '1s', host: 1 } },
        { rolling_restart: { at: '2s', grace: '1s' } },
        { full_restart: { at: '10s' } },
      ],
      3,
    );
    expect(log).toEqual([
      [0, 4],
      [2, 7],
      [0, 11],
      [2, 11],
    ]);
    // Whoever deploys notices that it is lost: nobody is sent there after that.
    const refused = failed(departures).filter(({ status }) => status === Status.Refused);
    expect(Math.max(...refused.map(({ arrivedNs }) => arrivedNs))).toBeLessThan(5 * SECOND);
  });
});

describe('with an autoscaler', () => {
  const server = written('puma', { version: '7.2', workers: 1, threads: 1, boot_time: '2s' });
  /** Requests of 10 ms, 143/s: 1.43 hosts' worth; kept at 60 % of the threads, that is 3 hosts. */
  const scaled = (operations: readonly unknown[], seconds: number): Departure[] => {
    const autoscaler = {
      signal: { kind: 'busy', target: 0.6 },
      min: 2,
      max: 5,
      periodNs: SECOND,
      bootNs: SECOND,
      downAfterNs: 60 * SECOND,
    } as const;
    const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
    const edges = { balancer: { hosts: 3, balance: 'least_connections' } };
    const spec = system({ server, load, edges, control: { autoscaler } }, operations);
    return byArrival(runWorld(spec, { limits: { durationNs: seconds * SECOND } }));
  };
  const hostsOf = (departures: readonly Departure[], from: number, to: number) =>
    new Set(
      departures
        .filter(({ arrivedNs }) => arrivedNs > from * SECOND && arrivedNs < to * SECOND)
        .map(({ process }) => process),
    );

  it('a rolling restart takes the hosts that are there, and nobody fails', () => {
    const departures = scaled([{ rolling_restart: { at: '500ms', grace: '100ms' } }], 12);
    expect(statuses(departures)).toEqual(new Set([Status.Ok]));
    expect(hostsOf(departures, 0, 0.5)).toEqual(new Set([0, 1, 2]));
    expect(hostsOf(departures, 0.6, 0.9)).toEqual(new Set([1, 2]));
    expect(hostsOf(departures, 11, 12).size).toBeGreaterThanOrEqual(3);
  });

  it('a lost host is given up, and another one takes its place', () => {
    const departures = scaled([{ host_loss: { at: '500ms', host: 0, back_after: '3s', noticed_after: '100ms' } }], 8);
    expect(failed(departures).every(({ arrivedNs }) => arrivedNs < 0.61 * SECOND)).toBe(true);
    const later = hostsOf(departures, 5, 8);
    expect(later.has(0)).toBe(false);
    expect(later.size).toBeGreaterThanOrEqual(3);
  });
});

describe('losses', () => {
  const server = written('puma', { version: '7.2', workers: 2, threads: 2, boot_time: '2s' });

  it('of a host: what it has is lost, what is sent there fails until that is noticed; then nothing, until it is back', () => {
    const departures = steady(
      server,
      12,
      [{ host_loss: { at: '1s', host: 1, back_after: '4s', noticed_after: '500ms' } }],
      2,
    );
    const losses = failed(departures);
    for (const { arrivedNs, process, status } of losses) {
      expect(arrivedNs).toBeLessThanOrEqual(1.5 * SECOND);
      expect(status === Status.Refused || process >= 2).toBe(true);
    }
    const killed = losses.filter(({ status }) => status === Status.Killed);
    expect(killed.length).toBeGreaterThan(0);
    expect(killed.every(({ departedNs }) => departedNs === SECOND)).toBe(true);
    // Every other request of half a second, one each 7 ms.
    expect(Math.abs(losses.length - killed.length - 500 / 14)).toBeLessThanOrEqual(1);
    const onHost = departures.filter(({ process, status }) => process >= 2 && status === Status.Ok);
    expect(onHost.some(({ arrivedNs }) => arrivedNs > SECOND && arrivedNs < 7 * SECOND)).toBe(false);
    expect(onHost.some(({ arrivedNs }) => arrivedNs > 7.1 * SECOND)).toBe(true);
  });

  it('of the only host: everybody is refused until it is back', () => {
    const departures = steady(server, 6, [{ host_loss: { at: '1s', back_after: '1s' } }]);
    for (const { arrivedNs, status, departedNs } of departures) {
      if (arrivedNs > SECOND && arrivedNs < 4 * SECOND) {
        expect([status, departedNs]).toEqual([Status.Refused, arrivedNs]);
      } else if (arrivedNs > 4 * SECOND) expect(status).toBe(Status.Ok);
    }
  });

  const silence = (more: object) => [{ host_loss: { at: '1s', silent: true, ...more } }];
  const patient = (timeoutNs: number) => ({ timeoutNs, retries: null, gatewayTimeoutNs: Number.POSITIVE_INFINITY });

  it('of a host that falls silent: whoever has sent it something waits until its own timeout', () => {
    const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
    const edges = { balancer: { hosts: 2, balance: 'round_robin' }, clients: patient(3 * SECOND) };
    const spec = system({ server, load, edges }, silence({ host: 1, noticed_after: '500ms' }));
    const { departures, bench } = runWorld(spec, { limits: { durationNs: 8 * SECOND } });
    expect(bench.inSystem()).toBe(0);
    expect(departures).toHaveLength(bench.arrivals());
    const lost = failed(byArrival({ departures, bench }));
    for (const { arrivedNs, departedNs, status, partsNs } of lost) {
      expect(status).toBe(Status.Abandoned);
      expect(departedNs - arrivedNs).toBe(3 * SECOND);
      expect(partsNs.reduce((a, b) => a + b, 0)).toBe(3 * SECOND);
    }
    // Every other request of half a second, one each 7 ms, and the one or two that the host was working on.
    const sentAfter = lost.filter(({ arrivedNs }) => arrivedNs > SECOND);
    expect(Math.abs(sentAfter.length - 500 / 14)).toBeLessThanOrEqual(1);
    expect(sentAfter.every(({ partsNs }) => partsNs[Part.Backlog] === 3 * SECOND)).toBe(true);
    expect(lost.length - sentAfter.length).toBeGreaterThanOrEqual(1);
    expect(lost.length - sentAfter.length).toBeLessThanOrEqual(2);
  });

  it('of a host that falls silent: who tries to connect gets through when it is back, or is refused while it boots', () => {
    const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
    const spec = system({ server, load, edges: { clients: patient(60 * SECOND) } }, silence({ back_after: '4s' }));
    const departures = byArrival(runWorld(spec, { limits: { durationNs: 6 * SECOND } }));
    // Silent from 1 to 5 s; boots from 5 to 7 s. SYNs are sent after 0, 1, 2, 3, 4, 5, 7 ... s.
    for (const { arrivedNs, departedNs, status } of departures) {
      const at = arrivedNs / SECOND;
      const left = departedNs / SECOND;
      if (at > 1.01 && at < 4.99) {
        const next = at + Math.ceil(5 - at);
        expect([status, left]).toEqual([Status.Refused, expect.closeTo(next, 6)]);
      } else if (at > 5.01) expect([status, departedNs]).toEqual([Status.Refused, arrivedNs]);
    }
    const abandoned = departures.filter(({ status }) => status === Status.Abandoned);
    expect(abandoned.length).toBeGreaterThanOrEqual(1);
    expect(abandoned.every(({ departedNs, arrivedNs }) => departedNs - arrivedNs === 60 * SECOND)).toBe(true);
  });

  const overloaded = (backAfter: object, timeoutNs: number) => {
    // Requests of 10 ms each 7 ms to one worker until it is lost; two may wait.
    const load = { kind: 'renewal', interarrival: createConstant(ms(7)) } as const;
    const spec = system(
      { server: unicornServer(1, 1), load, edges: { clients: patient(timeoutNs) } },
      silence(backAfter),
    );
    const ran = runWorld(spec, { limits: { durationNs: SECOND } });
    expect(ran.departures).toHaveLength(ran.bench.arrivals());
    return failed(byArrival(ran));
  };

  it('of a host that falls silent with a full backlog: who found no room connects when it is back', () => {
    const lost = overloaded({ back_after: '5s' }, 60 * SECOND);
    // The one that was worked on, taken at 997 ms, and one in the backlog: its other place is free until the next SYN at 1001 ms.
    expect(lost.map(({ status }) => status)).toEqual([Status.Abandoned, Status.Abandoned]);
    expect(lost.every(({ departedNs, arrivedNs }) => departedNs - arrivedNs === 60 * SECOND)).toBe(true);
  });

  it('of a host that falls silent with a full backlog, for good: who found no room is refused 131 s after its first SYN', () => {
    const refused = overloaded({}, 1000 * SECOND).filter(({ status }) => status === Status.Refused);
    expect(refused.length).toBeGreaterThan(30);
    for (const { departedNs, arrivedNs } of refused) expect(departedNs - arrivedNs).toBe(131 * SECOND);
  });

  it('of a host that falls silent: clients or proxy need a timeout, and jobs no connection', () => {
    const problems = (server: string, more = '') =>
      loadText(
        `{version: 1, name: x, host: {cores: 1}, server: {${server}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}, operations: [{host_loss: {at: 1s, silent: true}}]${more}}`,
      ).problems.map(({ path, code }) => `${path} ${code}`);
    const problem = ['operations[0].host_loss.silent SCN_COMBINATION'];
    expect(problems('puma: {}')).toEqual(problem);
    expect(problems('puma: {}', ', clients: {timeout: 5s}')).toEqual([]);
    expect(problems('puma: {}', ', proxy: {read_timeout: 60s}')).toEqual([]);
    expect(problems('sidekiq: {}')).toEqual(problem);
  });

  it('of a host of a job processor: its jobs would wait for ever unless it comes back', () => {
    const problems = (loss: string) =>
      loadText(
        `{version: 1, name: x, host: {cores: 1}, server: {resque: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}, operations: [{host_loss: {at: 1s${loss}}}]}`,
      ).problems.map(({ path, code }) => `${path} ${code}`);
    expect(problems('')).toEqual(['operations[0].host_loss SCN_COMBINATION']);
    expect(problems(', back_after: 5s')).toEqual([]);
  });

  it('of a host that falls silent for good: who tries to connect is refused after 131 s', () => {
    const load = { kind: 'renewal', interarrival: createConstant(SECOND) } as const;
    const spec = system({ server, load, edges: { clients: patient(1000 * SECOND) } }, silence({}));
    const departures = byArrival(runWorld(spec, { limits: { durationNs: 4 * SECOND } }));
    const [, , third] = departures;
    expect([third!.status, third!.departedNs - third!.arrivedNs]).toEqual([Status.Refused, 131 * SECOND]);
  });

  it('of a worker: its requests only', () => {
    const losses = failed(steady(server, 4, [{ worker_loss: { at: '1s', worker: 0 } }]));
    expect(losses.length).toBeLessThanOrEqual(2);
    expect(losses.every(({ process, departedNs }) => process === 0 && departedNs === SECOND)).toBe(true);
  });
});

describe('whatever is done to a system', () => {
  const patience = { timeoutNs: 5 * SECOND, retries: null, gatewayTimeoutNs: Number.POSITIVE_INFINITY };
  const oftenReporting = { worker_check_interval: '1s' };
  const at = fc.integer({ min: 0, max: 900 }).map((time) => `${time}ms`);
  const operation = fc.oneof(
    at.map((time) => ({ full_restart: { at: time, within: '1s' } })),
    at.map((time) => ({ phased_restart: { at: time, within: '1s' } })),
    at.map((time) => ({ reload: { at: time, within: '1s' } })),
    at.map((time) => ({ rolling_restart: { at: time, grace: '20ms', within: '1s' } })),
    fc.tuple(at, fc.nat(2), fc.nat(1)).map(([time, host, worker]) => ({ worker_loss: { at: time, host, worker } })),
    fc.tuple(at, fc.nat(2), fc.integer({ min: 1, max: 500 }), fc.boolean()).map(([time, host, back, silent]) => ({
      host_loss: { at: time, host, silent, back_after: `${back}ms`, noticed_after: '50ms' },
    })),
  );
  const servers = fc.constantFrom(
    written('puma', { version: '6.6', workers: 2, threads: 2, boot_time: '100ms' }),
    written('puma', { version: '7.2', workers: 2, threads: 2, preload_app: false, boot_time: '100ms' }),
    written('puma', {
      workers: 3,
      threads: 2,
      preload_app: false,
      fork_worker: 20,
      boot_time: '100ms',
      ...oftenReporting,
    }),
    written('unicorn', { worker_processes: 2, boot_time: '50ms' }),
    written('gunicorn', { workers: 2, boot_time: '50ms', max_requests: 40 }),
    written('gunicorn', { workers: 2, threads: 2, boot_time: '50ms' }),
    written('gunicorn', { workers: 2, threads: 3, boot_time: '50ms', max_requests: 20 }),
    written('pitchfork', { worker_processes: 3, refork_after: [15, 25] }),
    written('puma', { version: '7.2', workers: 2, threads: 1, drain_then_kill: '30ms', boot_time: '100ms' }),
    written('falcon', { count: 2, boot_time: '50ms' }),
    idealServer(2, 3),
  );

  it('everybody leaves once: served, killed or refused; the parts add up; in the end all processes of all hosts serve', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { minLength: 1, maxLength: 4 }),
        servers,
        fc.nat(),
        (operations, server, seed) => {
          const load = { kind: 'renewal', interarrival: createExponential(ms(4)) } as const;
          const edges = { balancer: { hosts: 3, balance: 'round_robin' }, clients: patience };
          const spec = system(
            { server, load, edges, overheads: seed % 2 === 0, wakeLatencyNs: 7000, cores: 4 },
            operations,
          );
          const limits = { durationNs: 4 * SECOND };
          const { departures, bench } = runWorld(spec, { seed, limits });
          const ordinals = departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b);
          expect(ordinals).toEqual(ordinals.map((_, ordinal) => ordinal));
          expect(ordinals).toHaveLength(bench.arrivals());
          expect(bench.inSystem()).toBe(0);
          const processes = bench.processes!;
          const states = Array.from({ length: processes.count }, (_, process) => processes.stateOf(process));
          expect(states).toEqual(states.map(() => ProcessState.Serving));
          const late = departures.filter(({ arrivedNs }) => arrivedNs > 3.5 * SECOND);
          expect(late.every(({ status }) => status === Status.Ok)).toBe(true);
          const perHost = processes.count / 3;
          expect(new Set(late.map(({ process }) => Math.floor(process / perHost)))).toEqual(new Set([0, 1, 2]));
          for (const { status, partsNs, arrivedNs, departedNs } of departures) {
            expect([Status.Ok, Status.Killed, Status.Refused, Status.Abandoned]).toContain(status);
            expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
          }
        },
      ),
      { seed: 31, numRuns: RUNS },
    );
  });
});
