import { describe, expect, it } from 'vitest';
import { load } from '../../../scenario/load-text.js';
import { c, i, ms, us } from '../../../support/phases.js';
import { byArrival, departureTimes, idealServer, runWorld, world } from '../../../support/worlds.js';

const run = (gvl: 'fifo-ticks' | 'mn-threads', lengths: readonly number[], wakeLatencyNs = 0) =>
  runWorld(
    world({
      server: idealServer(1, 2),
      gvl,
      wakeLatencyNs,
      overheads: wakeLatencyNs > 0,
      requests: lengths.map((length, k) => ({ atNs: k, phases: [c(ms(length))] })),
    }),
  );

describe('M:N threads', () => {
  it('take turns of 100 ms at first, and of 10 ms once they have used one up', () => {
    // Threads A and B: A 0-100, B 100-200, then both in turns of 10 ms, A first: B has its last 5 ms after A's tenth.
    expect(departureTimes(run('mn-threads', [400, 105])).map((ns) => Math.round(ns / 1e6))).toEqual([505, 215]);
    expect(departureTimes(run('fifo-ticks', [400, 105])).map((ns) => Math.round(ns / 1e6))).toEqual([505, 305]);
  });

  it('keep the account from request to request', () => {
    // Both threads use up a slice; the next two requests on them change places every 10 ms from the start.
    const requests = [
      { atNs: 0, phases: [c(ms(150))] },
      { atNs: 1, phases: [c(ms(150))] },
      { atNs: ms(1000), phases: [c(ms(40))] },
      { atNs: ms(1000) + 1, phases: [c(ms(15))] },
    ];
    const times = (gvl: 'fifo-ticks' | 'mn-threads') =>
      byArrival(runWorld(world({ server: idealServer(1, 2), gvl, requests }))).map(({ departedNs }) =>
        Math.round(departedNs / 1e6),
      );
    expect(times('mn-threads').slice(2)).toEqual([1055, 1035]);
    expect(times('fifo-ticks').slice(2)).toEqual([1040, 1055]);
  });

  it('hand the lock on in 0.04 us instead of a wake-up', () => {
    const requests = [0, 1].map((atNs) => ({ atNs, phases: [c(ms(5)), i(ms(2)), c(ms(5))] }));
    const last = (gvl: 'fifo-ticks' | 'mn-threads') => {
      const spec = world({ server: idealServer(1, 2), gvl, requests, overheads: true, wakeLatencyNs: us(45) });
      return Math.max(...departureTimes(runWorld(spec)));
    };
    const gained = last('fifo-ticks') - last('mn-threads');
    expect(gained % us(44.96)).toBe(0);
    expect(gained).toBeGreaterThan(0);
  });

  it('are a key of Ruby 3.3 to 4.0', () => {
    const text = (ruby: string) =>
      `{version: 1, name: x, host: {cores: 1}, ruby: {${ruby}}, server: {puma: {}}, app: {classes: [{name: a, cpu: 1ms}]}, load: {open: {rate: 1/s}}}`;
    expect(load(text('mn_threads: true')).experiment!.configurations[0]!.system.runtime.gvl).toBe('mn-threads');
    expect(load(text('version: "3.1", mn_threads: true')).problems.map(({ path }) => path)).toEqual([
      'ruby.mn_threads',
    ]);
  });
});
