import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS_NAMES } from '../../src/model/observations.js';
import { formatProblems } from '../../src/scenario/index.js';
import { randomScenario } from '../support/random-scenarios.js';
import { runWorld } from '../support/worlds.js';
import { load } from './load-text.js';

const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 120);

describe('everything that a scenario can say, together', () => {
  it('is refused, and it says where and why; or runs, and everybody who comes leaves once', () => {
    let accepted = 0;
    fc.assert(
      fc.property(randomScenario, fc.nat(), (text, seed) => {
        const { experiment, problems } = load(text);
        for (const { line, column, path, message } of problems) {
          expect([line, column].every((place) => place >= 1)).toBe(true);
          expect(line > 1 && path !== '').toBe(true); // not just "somewhere in the file"
          expect(message.length).toBeGreaterThan(15);
        }
        expect(() => formatProblems(problems)).not.toThrow();
        if (experiment === null) {
          expect(problems).not.toEqual([]);
          return;
        }
        accepted++;
        const { run, configurations } = experiment;
        const limits = { requests: run.requests, durationNs: run.durationNs };
        const { departures, bench } = runWorld(configurations[0]!.system, { seed, limits });
        const ordinals = departures.map(({ ordinal }) => ordinal).sort((a, b) => a - b);
        expect(ordinals).toEqual(Array.from({ length: bench.arrivals() }, (_, ordinal) => ordinal));
        expect(bench.inSystem()).toBe(0);
        for (const { status, partsNs, arrivedNs, departedNs } of departures) {
          expect(STATUS_NAMES).toHaveProperty(String(status));
          expect(partsNs.every((ns) => ns >= 0)).toBe(true);
          expect(partsNs.reduce((a, b) => a + b, 0)).toBe(departedNs - arrivedNs);
        }
      }),
      { seed: 5, numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 5);
  }, 60_000);
});
