import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { FORKING_COSTS } from '../../../src/model/servers/forking-costs.js';
import { ColdCode } from '../../../src/model/workers/cold-code.js';
import { c, ms, us } from '../../support/phases.js';
import { byArrival, runWorld, unicornServer, world } from '../../support/worlds.js';

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
});
