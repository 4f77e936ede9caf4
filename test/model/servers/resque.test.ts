import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { RESQUE_COSTS } from '../../../src/model/servers/resque/costs.js';
import { c, i, ms } from '../../support/phases.js';
import {
  byArrival,
  departureTimes,
  idealServer,
  runWorld,
  type WorldParams,
  world,
  written,
} from '../../support/worlds.js';

const run = (params: WorldParams) => byArrival(runWorld(world(params)));
const resque = (settings: Readonly<Record<string, unknown>>) => written('resque', settings);

describe('Resque', () => {
  it('draining a full queue is one queue for all workers: the yardstick with as many processes', () => {
    const requests = [9, 2, 7, 1, 1, 4, 8, 3].map((length) => ({ atNs: 0, phases: [c(ms(length))] }));
    const load = { kind: 'backlog', jobs: requests.length } as const;
    const drain = (server: WorldParams['server']) => departureTimes(runWorld(world({ server, requests, load })));
    // The workers are started 1 ns later, when the queue is full.
    expect(drain(resque({ workers: 3 }))).toEqual(drain(idealServer(3, 1)).map((atNs) => atNs + 1));
  });

  it('polls: a job waits until a worker looks, on average interval / (workers + 1), and never longer than the interval', () => {
    const waits = (workers: number): number[] =>
      Array.from({ length: 400 }, (_, replication) => {
        const spec = world({ server: resque({ workers }), requests: [{ atNs: 17 * SECOND, phases: [c(ms(1))] }] });
        const { departures } = runWorld(spec, { replication });
        return departures[0]!.partsNs[Part.Backlog]!;
      });
    for (const workers of [1, 3]) {
      const all = waits(workers);
      expect(Math.max(...all)).toBeLessThanOrEqual(5 * SECOND);
      // The least of n uniform waits: mean T / (n + 1), variance T² n / ((n + 1)² (n + 2)); here 4 standard errors.
      const mean = all.reduce((a, b) => a + b, 0) / all.length;
      const deviation = Math.sqrt(workers / ((workers + 1) ** 2 * (workers + 2))) / Math.sqrt(all.length);
      expect(Math.abs(mean / (5 * SECOND) - 1 / (workers + 1))).toBeLessThan(4 * deviation);
    }
  });

  it('a worker that has done a job looks for the next one at once', () => {
    const requests = [0, 1, 2].map((at) => ({ atNs: ms(at), phases: [c(ms(10))] }));
    const [first, second, third] = run({ server: resque({ workers: 1 }), requests });
    expect(second!.startNs).toBe(first!.departedNs);
    expect(third!.startNs).toBe(second!.departedNs);
  });

  it('forks for each job: the more memory the longer', () => {
    const job = { atNs: 0, phases: [c(0)] };
    const cycleNs = (settings: Readonly<Record<string, unknown>>): number => {
      const load = { kind: 'backlog', jobs: 3 } as const;
      const server = resque({ redis_round_trip: '0s', ...settings });
      const starts = run({ server, overheads: true, requests: [job, job, job], load }).map(({ startNs }) => startNs);
      return starts[2]! - starts[1]!;
    };
    const { reserveNs, forkNs, exitNs, forkNsPerMib, exitNsPerMib, inlineNs } = RESQUE_COSTS;
    expect(cycleNs({ memory: '100MiB' })).toBe(reserveNs + forkNs + exitNs + 100 * (forkNsPerMib + exitNsPerMib));
    expect(cycleNs({ fork_per_job: false, memory: '100MiB' })).toBe(reserveNs + 2 * inlineNs);
  });
});

describe('workers of Resque that end', () => {
  const requests = [0, 1].map((at) => ({ atNs: ms(at), phases: [i(ms(100))] }));
  const operated = (operation: unknown) =>
    byArrival(
      runWorld({
        ...world({ server: written('resque', { interval: '1ms', boot_time: '40ms' }), requests }),
        operations: operationsParams.parse([operation]),
      }),
    ).map(({ status, partsNs }) => [status, partsNs[Part.Backlog]! < ms(2)]);

  it('are asked to: after the job; killed: without it', () => {
    expect(operated({ full_restart: { at: '50ms' } })).toEqual([
      [Status.Ok, true],
      [Status.Ok, false],
    ]);
    expect(operated({ worker_loss: { at: '50ms' } })).toEqual([
      [Status.Killed, true],
      [Status.Ok, false],
    ]);
  });
});
