import { describe, expect, it } from 'vitest';
import { serverType } from '../../../src/model/servers/registry.js';
import type { GvlPolicyName } from '../../../src/model/spec.js';
import { c, ms } from '../../support/phases.js';
import { departureTimes, runWorld, world, written } from '../../support/worlds.js';

/** Departures [ms] of a request of 300 ms of Ruby code and one of 60 ms that comes a moment later, in one process. */
function times(type: string, settings: Readonly<Record<string, unknown>>, gvl: GvlPolicyName): number[] {
  const requests = [
    { atNs: 0, phases: [c(ms(300))] },
    { atNs: 1, phases: [c(ms(60))] },
  ];
  const run = runWorld(world({ server: written(type, settings), requests, gvl }));
  return departureTimes(run).map((ns) => Math.round(ns / 1e6));
}

// In turns of 100, 50, 30, 20 and 200 ms. Puma's acceptor, which hands the short request over, has to wait for a turn first.
describe.each([
  [
    'sidekiq',
    (priority: number) => ({ concurrency: 2, thread_priority: priority }),
    [
      [360, 160],
      [360, 160],
      [360, 120],
      [360, 120],
      [360, 260],
    ],
  ],
  [
    'puma',
    (priority: number) => ({ workers: 0, threads: 2, thread_priority: priority }),
    [
      [360, 260],
      [360, 210],
      [360, 150],
      [360, 140],
      [300, 360],
    ],
  ],
] as const)('the threads of %s', (type, settings, expected) => {
  it('keep the GVL for 100 ms x 2^priority, in whole ticks, while others wait', () => {
    expect([0, -1, -2, -3, 1].map((priority) => times(type, settings(priority), 'fifo-ticks'))).toEqual(expected);
  });

  it('up to Ruby 3.2 keep it for at least 100 ms', () => {
    expect(times(type, settings(-2), 'barging-deadline')).toEqual(times(type, settings(0), 'barging-deadline'));
  });
});

describe('the priority of threads', () => {
  it('of Sidekiq is -1 from version 8.0 on, written out as a default', () => {
    const { params, resolve } = serverType('sidekiq');
    const priority = (settings: object) => resolve!(settings as never, params.parse(settings)).thread_priority;
    expect([{ version: '7.3' }, { version: '8.0' }, { version: '8.0', thread_priority: 0 }].map(priority)).toEqual([
      0, -1, 0,
    ]);
  });

  it('of Puma is set in its configuration file', () => {
    const { params, configFile } = serverType('puma');
    const file = (settings: object) => configFile!(params.parse(settings)).text;
    expect(file({ version: '6.6', thread_priority: -1 })).toContain('on_thread_start { Thread.current.priority = -1 }');
    expect(file({ version: '7.2', thread_priority: -1 })).toContain('before_thread_start {');
    expect(file({})).not.toContain('priority');
  });
});
