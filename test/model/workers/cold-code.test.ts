import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { FORKING_COSTS } from '../../../src/model/servers/common/forking/costs.js';
import { PUMA_COSTS } from '../../../src/model/servers/puma/costs.js';
import { ColdCode } from '../../../src/model/workers/cold-code.js';
import { c, ms, type Phase, us } from '../../support/phases.js';
import { byArrival, type Departure, pumaServer, runWorld, unicornServer, world } from '../../support/worlds.js';

describe('code that has not run for a while', () => {
  it('takes longer with the square root of the time, up to a second, in each process by itself', () => {
    const code = new ColdCode(2, us(30));
    expect(code.runs(0, ms(100))).toBe(us(300));
    expect(code.runs(0, ms(100))).toBe(0);
    expect(code.runs(0, ms(104))).toBe(us(60));
    expect(code.runs(1, ms(104))).toBe(Math.round(us(30) * Math.sqrt(104)));
    expect(code.runs(0, ms(104) + SECOND)).toBe(Math.round(us(30) * Math.sqrt(1000)));
    expect(code.runs(0, ms(104) + 9 * SECOND)).toBe(Math.round(us(30) * Math.sqrt(1000)));
  });

  it('is slower at once when the application has allocated 50 000 objects or more, and by their share for fewer', () => {
    const code = new ColdCode(2, us(30));
    expect(code.runs(0, ms(100))).toBe(us(300));
    code.allocated(0, 20_000);
    code.allocated(0, 280_000);
    expect(code.runs(0, ms(100))).toBe(us(30 * 7.5));
    expect(code.runs(0, ms(100))).toBe(0);
    code.allocated(0, 25_000);
    expect(code.runs(0, ms(104))).toBe(us(30 * (2 + 7.5 / 2)));
    code.allocated(1, 25_000);
    expect(code.runs(0, ms(104))).toBe(0);
  });

  it('is as cold in a new process, whatever the one before has allocated', () => {
    const code = new ColdCode(1, us(30));
    code.allocated(0, 50_000);
    code.renewed(0);
    expect(code.runs(0, ms(100))).toBe(Math.round(us(30) * Math.sqrt(1000)));
  });

  it('is the code of the server around the application, where the host has cold caches', () => {
    const requests = [100, 200].map((at) => ({ atNs: ms(at), phases: [c(ms(5))] }));
    const [, warm] = byArrival(runWorld(world({ server: unicornServer(1), requests, overheads: true })));
    const [, cold] = byArrival(
      runWorld(world({ server: unicornServer(1), requests, overheads: true, coldCaches: true })),
    );
    const { coldBeforeNs, coldAfterNs } = FORKING_COSTS;
    expect(cold!.startNs - warm!.startNs).toBe(10 * coldBeforeNs); // 100 ms since it last ran
    const lateNs = cold!.departedNs - cold!.endNs - (warm!.departedNs - warm!.endNs);
    expect(Math.abs(lateNs - 10 * coldAfterNs)).toBeLessThan(us(1)); // the one before was a little later, too
    expect(cold!.endNs - cold!.startNs).toBe(ms(5));
  });

  it('is the accept of Puma and each step of its threads, not one of them', () => {
    const requests = [100, 200].map((at) => ({ atNs: ms(at), phases: [c(ms(5))] }));
    const second = (coldCaches: boolean): Departure =>
      byArrival(runWorld(world({ server: pumaServer('6.6', 0, 1), requests, overheads: true, coldCaches })))[1]!;
    const [warm, cold] = [second(false), second(true)];
    const { coldAcceptNs, coldPickUpNs, coldParseNs, coldCallNs, coldWriteNs } = PUMA_COSTS;
    const lateNs = cold.startNs - warm.startNs - 10 * (coldAcceptNs + coldPickUpNs + coldParseNs + coldCallNs);
    expect(Math.abs(lateNs)).toBeLessThan(us(1)); // steps after the first were run a little later the time before, too
    const afterNs = cold.departedNs - cold.endNs - (warm.departedNs - warm.endNs);
    expect(Math.abs(afterNs - 10 * coldWriteNs)).toBeLessThan(us(1));
  });

  it('is slower before and after the application if that allocates', () => {
    const second = (phase: Phase): Departure => {
      const requests = [100, 200].map((at) => ({ atNs: ms(at), phases: [phase] }));
      const spec = world({ server: unicornServer(1), requests, overheads: true, coldCaches: true });
      return byArrival(runWorld(spec))[1]!;
    };
    const allocating = second({ kind: PhaseKind.Allocate, ns: 100_000 });
    const other = second(c(allocating.endNs - allocating.startNs));
    const { coldBeforeNs, coldAfterNs } = FORKING_COSTS;
    expect(allocating.startNs - other.startNs).toBe(7.5 * coldBeforeNs);
    const laterNs = allocating.departedNs - allocating.endNs - (other.departedNs - other.endNs);
    expect(Math.abs(laterNs - 7.5 * coldAfterNs)).toBeLessThan(us(1)); // the one before was a little later, too
  });
});
