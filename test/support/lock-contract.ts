import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Nanos } from '../../src/kernel/time.js';
import { PhaseKind } from '../../src/model/phases.js';
import { length, phase } from './arbitraries.js';
import { ms, type Phase, us } from './phases.js';
import { type Rules, runThreads, type ThreadScript, type ThreadsRun } from './ruby-threads.js';

export interface LockKind {
  readonly name: string;
  readonly rules: Rules;
  /** Nobody gets it before one who asked earlier. */
  readonly isFifo?: boolean;
}

/** Number of random processes for each law. `GVLSIM_TEST_RUNS=5000 npx vitest run test/model` looks longer. */
const RUNS = Number(process.env.GVLSIM_TEST_RUNS ?? 100);

const script = fc.record({ atNs: length, does: fc.array(phase, { minLength: 1, maxLength: 6 }) });
const scripts = fc.array(script, { minLength: 1, maxLength: 5 });
/** A thread that has slept for less than 200 us is awake sooner. */
const latencies = fc.constantFrom(
  { wakeLatencyNs: 0 },
  { wakeLatencyNs: us(7) },
  { wakeLatencyNs: us(45), warmWakeLatencyNs: us(30) },
);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const demandOf = (phases: readonly Phase[]): Nanos =>
  sum(phases.filter(({ kind }) => kind === PhaseKind.Cpu || kind === PhaseKind.ShortHolds).map(({ ns }) => ns));

/**
 * What every lock owes to the threads of its process: registers the laws as tests.
 *
 * Nobody can withdraw: a thread that is to be interrupted while it waits has to get the lock to see it. Only with its process does it stop waiting.
 */
export function lockContract({ name, rules, isFifo = false }: LockKind): void {
  const law = (check: (run: ThreadsRun, threads: readonly ThreadScript[], wakeLatencyNs: Nanos) => void): void => {
    fc.assert(
      fc.property(scripts, latencies, (threads, host) => {
        check(runThreads({ ...rules, ...host }, threads), threads, host.wakeLatencyNs);
      }),
      { seed: 41, numRuns: RUNS },
    );
  };

  describe(`the contract of locks: ${name}`, () => {
    // The recorder throws if the lock is given to two threads at once, or to one that has not asked.
    it('has one holder at a time, is given once to everybody who asks, and loses no work', () => {
      law(({ turns, waits, ends }, threads) => {
        for (const [k, [, fromNs, toNs]] of turns.entries()) {
          expect(toNs).toBeGreaterThanOrEqual(fromNs);
          if (k > 0) expect(fromNs).toBeGreaterThanOrEqual(turns[k - 1]![2]);
        }
        expect(waits.map(([thread, , gotNs]) => [thread, gotNs])).toEqual(turns.map(([thread, ns]) => [thread, ns]));
        threads.forEach(({ does }, thread) => {
          const own = 'ABCDE'[thread]!;
          expect(ends[own]!.length).toBe(does.length);
          const held = turns.filter(([holder]) => holder === own);
          expect(sum(held.map(([, fromNs, toNs]) => toNs - fromNs))).toBe(demandOf(does));
        });
      });
    });

    it('a free lock and one who waits for it are together for no longer than a wake-up takes', () => {
      law((run, _, wakeLatencyNs) => {
        for (const gapNs of gapsWithWaiters(run)) expect(gapNs).toBeLessThanOrEqual(wakeLatencyNs);
      });
    });

    if (isFifo) {
      it('nobody gets it before one who asked earlier', () => {
        law(({ waits }) => {
          const asked = waits.map(([, askedNs]) => askedNs);
          expect(asked).toEqual([...asked].sort((a, b) => a - b));
        });
      });
    }

    it('a killed process leaves nothing behind: the next one runs as if it were the first', () => {
      const killedAt = fc.integer({ min: ms(300), max: ms(1000) });
      fc.assert(
        fc.property(scripts, latencies, killedAt, (drawn, host, killNs) => {
          const threads = drawn.map(({ does }) => ({ atNs: 0, does }));
          const fresh = runThreads({ ...rules, ...host }, threads);
          const after = runThreads({ ...rules, ...host, killNs }, threads);
          for (const [thread, ends] of Object.entries(fresh.ends)) {
            expect(after.ends[thread]!.slice(-ends.length)).toEqual(ends.map((endNs) => endNs + killNs));
          }
          const turns = fresh.turns.map(([thread, fromNs, toNs]) => [thread, fromNs + killNs, toNs + killNs]);
          expect(after.turns.slice(-turns.length)).toEqual(turns);
        }),
        { seed: 41, numRuns: RUNS },
      );
    });
  });
}

/** For how long the lock was free before each turn while somebody waited for it [ns]. */
function gapsWithWaiters({ turns, waits }: ThreadsRun): Nanos[] {
  return turns.slice(1).map(([, fromNs], k) => {
    const freeNs = turns[k]![2];
    const askedNs = waits.filter(([, , gotNs]) => gotNs >= fromNs).map(([, ns]) => ns);
    return fromNs - Math.max(freeNs, Math.min(...askedNs));
  });
}
