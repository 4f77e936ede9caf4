import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Part } from '../../../src/model/observations.js';
import { phase, requests } from '../../support/arbitraries.js';
import { c, i, ms } from '../../support/phases.js';
import { byArrival, departureTimes, idealServer, runWorld, unicornServer, world } from '../../support/worlds.js';

const quota = (cpus: number) => ({ cpus, periodNs: ms(100) });
const burst = (count: number, length: number) =>
  Array.from({ length: count }, () => ({ atNs: 0, phases: [c(ms(length))] }));

describe('a CPU quota', () => {
  it('of 2 CPUs lets 8 processes burn 200 ms in 25 ms, then all stand still to the end of the period', () => {
    // Linux Documentation/scheduler/sched-bwc.rst: quota and period; the example of a container on a large host.
    const spec = world({ server: unicornServer(8), cores: 16, cpuQuota: quota(2), requests: burst(8, 50) });
    const run = runWorld(spec);
    expect(departureTimes(run)).toEqual(Array(8).fill(ms(125)));
    for (const { partsNs } of run.departures) {
      expect([partsNs[Part.Run], partsNs[Part.CpuWait]]).toEqual([ms(50), ms(75)]);
    }
    const throttled = run.bench.gauges.find(({ name }) => name === 'throttled_ratio')!;
    expect(throttled.read(ms(125))).toBe(ms(75));
  });

  it('as large as the processes can use changes nothing', () => {
    fc.assert(
      fc.property(requests(phase, 25), fc.constantFrom(2, 5), (list, cores) => {
        const spec = { server: unicornServer(4), cores, scheduler: 'time-slices' as const, requests: list };
        const without = departureTimes(runWorld(world(spec)));
        expect(departureTimes(runWorld(world({ ...spec, cpuQuota: quota(cores) })))).toEqual(without);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('that is not used is lost', () => {
    const list = [{ atNs: ms(250), phases: [c(ms(60))] }];
    // Half a CPU: 50 ms of the period from 200 to 300 ms are left when it comes at 250, the rest from 300 on.
    const spec = world({ server: unicornServer(1), cores: 1, cpuQuota: quota(0.5), requests: list });
    expect(departureTimes(runWorld(spec))).toEqual([ms(310)]);
    const longer = [{ atNs: ms(210), phases: [c(ms(60))] }];
    expect(
      departureTimes(runWorld(world({ server: unicornServer(1), cores: 1, cpuQuota: quota(0.5), requests: longer }))),
    ).toEqual([ms(310)]);
  });

  it('stops who holds the GVL, and those behind it; I/O goes on', () => {
    const list = [
      { atNs: 0, phases: [i(ms(70))] },
      { atNs: 0, phases: [c(ms(60))] },
      { atNs: ms(1), phases: [c(ms(1))] },
    ];
    const server = idealServer(1, 3);
    const spec = world({ server, cores: 2, cpuQuota: quota(0.5), quantumNs: ms(10_000), requests: list });
    const [io, holder, behind] = byArrival(runWorld(spec));
    expect(holder!.departedNs).toBe(ms(110));
    expect([behind!.partsNs[Part.GvlWait], behind!.departedNs]).toEqual([ms(109), ms(111)]);
    expect([io!.partsNs[Part.Io], io!.departedNs]).toEqual([ms(70), ms(111)]);
  });

  it('never gives more than its share in any period, and loses no work', () => {
    const cores = fc.constantFrom(1, 2, 4);
    const schedulers = fc.constantFrom('time-slices' as const, 'processor-sharing' as const);
    fc.assert(
      fc.property(requests(phase, 25), cores, schedulers, fc.constantFrom(0.3, 1, 1.5), (list, n, scheduler, cpus) => {
        const spec = world({ server: idealServer(3, 2), cores: n, scheduler, cpuQuota: quota(cpus), requests: list });
        const run = runWorld(spec);
        expect(run.departures.length).toBe(list.length);
        const endNs = run.bench.kernel.nowNs();
        const busy = run.bench.gauges.find(({ name }) => name === 'core_utilisation_ratio')!;
        const periods = Math.ceil(endNs / ms(100));
        // Processor sharing rounds what is left up to a whole ns whenever it stops a thread.
        expect(busy.read(endNs)).toBeLessThanOrEqual(periods * ms(100) * cpus + 1000);
        const ran = run.departures.reduce((sum, { partsNs }) => sum + partsNs[Part.Run]!, 0);
        const held = list.flatMap(({ phases }) => phases).filter(({ kind }) => kind !== i(1).kind);
        expect(ran).toBe(held.reduce((sum, { ns }) => sum + ns, 0));
      }),
      { seed: 12, numRuns: 80 },
    );
  });
});
