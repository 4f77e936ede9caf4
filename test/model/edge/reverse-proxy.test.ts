import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Part, Status } from '../../../src/model/observations.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { c, i, ms, us } from '../../support/phases.js';
import {
  byArrival,
  type Departure,
  pumaServer,
  runWorld,
  unicornServer,
  type WorldParams,
  world,
} from '../../support/worlds.js';

const nginx = { buffering: true, readTimeoutNs: ms(60_000), requestOverheadNs: us(250), responseOverheadNs: us(100) };

/** Two requests of 20 ms, 10 ms apart; the body of the first takes 500 ms to arrive. */
function served(params: Partial<WorldParams>): Departure[] {
  const spec = world({
    server: unicornServer(1),
    requests: [0, 10].map((at) => ({ atNs: ms(at), phases: [c(ms(20))] })),
    ...params,
  });
  spec.app.recorded!.uploadNs[0] = ms(500);
  return byArrival(runWorld(spec));
}

const answersMs = (params: Partial<WorldParams>): number[] => served(params).map(({ departedNs }) => departedNs / 1e6);

describe('a slow body and Unicorn', () => {
  it('occupies the worker, whose application waits for it', () => {
    const [slow, next] = served({});
    expect(slow!.startNs).toBe(0);
    expect(slow!.partsNs[Part.Io]).toBe(ms(500));
    expect(slow!.departedNs).toBe(ms(520));
    expect(next!.departedNs).toBe(ms(540));
  });

  it('occupies a buffering proxy instead', () => {
    expect(answersMs({ edges: { proxy: nginx } })).toEqual([520, 30]);
    expect(answersMs({ edges: { proxy: { ...nginx, buffering: false } } })).toEqual([520, 540]);
  });

  it('counts for the timeout of a worker, and not behind a buffering proxy', () => {
    const server = unicornServer(1, 1024, SECOND);
    const statuses = (edges: WorldParams['edges']): number[] => {
      const spec = world({ server, requests: [{ atNs: 0, phases: [c(ms(20))] }], ...(edges && { edges }) });
      spec.app.recorded!.uploadNs[0] = 10 * SECOND;
      return byArrival(runWorld(spec)).map(({ status }) => status);
    };
    expect(statuses(undefined)).toEqual([Status.Killed]);
    expect(statuses({ proxy: nginx })).toEqual([Status.Ok]);
  });
});

describe('a reverse proxy', () => {
  it('adds its overheads on the way in, as backlog, and out, as I/O; the parts add up', () => {
    const requests = [{ atNs: ms(1), phases: [i(ms(5))] }];
    const [direct] = byArrival(runWorld(world({ server: unicornServer(1), requests, overheads: true })));
    const [proxied] = byArrival(
      runWorld(world({ server: unicornServer(1), requests, overheads: true, edges: { proxy: nginx } })),
    );
    expect(proxied!.departedNs - direct!.departedNs).toBe(us(350));
    expect(proxied!.partsNs[Part.Backlog]! - direct!.partsNs[Part.Backlog]!).toBe(us(250));
    expect(proxied!.partsNs[Part.Io]! - direct!.partsNs[Part.Io]!).toBe(us(100));
    expect(proxied!.partsNs.reduce((a, b) => a + b, 0)).toBe(proxied!.departedNs - proxied!.arrivedNs);
  });

  it('opens a connection to the server for each request, though users keep theirs to it', () => {
    const load = { kind: 'closed', users: 1, think: createConstant(0), keepAlive: true } as const;
    const requests = [0, 1, 2].map(() => ({ atNs: 0, phases: [c(ms(1))] }));
    const runMs = (edges: WorldParams['edges']): number[] =>
      byArrival(
        runWorld(world({ server: pumaServer('6.6', 0, 1), requests, load, overheads: true, ...(edges && { edges }) })),
      ).map(({ departedNs, arrivedNs }) => (departedNs - arrivedNs) / 1e6);
    const [, kept] = runMs(undefined);
    const [first, second] = runMs({ proxy: nginx });
    expect(second).toBeCloseTo(first!, 6);
    expect(second!).toBeGreaterThan(kept!);
  });

  it('in front of a balancer: who gives up while it reads has been sent to no host', () => {
    const spec = world({
      server: unicornServer(1),
      requests: [{ atNs: 0, phases: [c(ms(20))] }],
      edges: {
        proxy: nginx,
        balancer: { hosts: 2, balance: 'random' },
        clients: { timeoutNs: ms(100), retries: null, gatewayTimeoutNs: Number.POSITIVE_INFINITY },
      },
    });
    spec.app.recorded!.uploadNs[0] = ms(500);
    const [gone] = byArrival(runWorld(spec));
    expect(gone).toMatchObject({ status: Status.Abandoned, departedNs: ms(100), process: -1, thread: -1 });
  });
});
