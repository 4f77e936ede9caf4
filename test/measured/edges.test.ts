import { beforeAll, describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/experiment/replay/observed-requests.js';
import { agreementOf, type EdgeReplays, edgeReplays } from '../support/edge-cases.js';
import type { Requests } from '../support/measured.js';

/** docs/validation/edges.md has more draws. What the moment of the kill does to G01 is tested with the fidelity of all cases. */
describe('timeouts, slow clients, a proxy, a short listen queue: request by request', () => {
  let cases: readonly EdgeReplays[];

  beforeAll(() => {
    cases = edgeReplays(2);
  });

  const of = (family: string): readonly EdgeReplays[] => cases.filter(({ name }) => name.startsWith(family));

  it('those are killed by Unicorn who were, and no others', () => {
    for (const { real, draws } of of('G')) {
      for (const draw of draws) expect(agreementOf(real, draw)).toEqual({ measured: 4, simulated: 4, both: 4 });
    }
  });

  it('slow clients and those behind them are all served, with or without a proxy', () => {
    expect(of('H').length).toBe(3);
    for (const { real, draws } of of('H')) {
      for (const draw of draws) expect(agreementOf(real, draw)).toEqual({ measured: 0, simulated: 0, both: 0 });
    }
  });

  it('mean, p50 and p95 are within 10 %', () => {
    const figures = ({ latencyMs, status }: Requests): readonly number[] =>
      figuresOf(latencyMs.filter((_, k) => status[k] === 'ok'));
    for (const { name, real, draws } of [...of('H'), ...of('I')]) {
      for (const draw of draws) {
        for (const at of [0, 1, 3]) {
          expect(Math.abs(figures(draw)[at]! / figures(real)[at]! - 1), `${name} ${at}`).toBeLessThanOrEqual(0.1);
        }
      }
    }
  });

  /** Which connections find the queue of 64 full hangs on tenths of a ms, so not the same ones; in draws of docs/validation/chance.md 6 to 32. */
  it('a full listen queue turns about one in a hundred away', () => {
    for (const { real, draws } of of('I')) {
      const { measured, simulated } = agreementOf(real, draws[0]!);
      expect(measured / real.ids.length).toBeCloseTo(0.012, 3);
      expect(simulated / real.ids.length).toBeGreaterThan(0.002);
      expect(simulated / real.ids.length).toBeLessThan(0.013);
    }
  });
});
