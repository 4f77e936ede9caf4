import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';
import type { Nanos } from '../../src/kernel/time.js';
import { RequestTable } from '../../src/model/entities/requests.js';
import { createThreads, type Thread } from '../../src/model/entities/thread.js';
import { PhaseKind } from '../../src/model/phases.js';
import { Calls } from '../../src/model/runtimes/calls/calls.js';
import type { Execution } from '../../src/model/runtimes/execution.js';
import { Service } from '../../src/model/services/service.js';
import type { Site } from '../../src/model/site.js';
import type { AppSpec } from '../../src/model/spec.js';

export interface CallKind {
  readonly name: string;
  readonly app: Partial<AppSpec>;
  /** What a thread does; each phase of Ruby code and each call takes as long as the thread's use. */
  readonly use: readonly PhaseKind[];
  /** How many threads can be in the last phase that takes time. */
  readonly capacity: number;
  /** How many of five threads that come at once are in it together at most. @default as many as can be */
  readonly inRush?: number;
  /** How often as long as its use a thread keeps its place. @default 1 */
  readonly keeps?: number;
  /** How long a thread may wait for the lock whenever it comes back to its Ruby code [ns]. @default no time, and some */
  readonly gvlNs?: readonly Nanos[];
}

interface Use {
  readonly atNs: Nanos;
  readonly ns: Nanos;
  /** It is stopped so long after it began, if it has not come back by then. */
  readonly stop: { readonly afterNs: Nanos; readonly how: 'abandon' | 'interrupt' } | null;
}

interface Return {
  readonly thread: number;
  readonly ns: Nanos;
  readonly atNs: Nanos;
}

/** null: it does not come in this round. */
type Round = readonly (Use | null)[];

const THREADS = 5;
const stop = fc.record({ afterNs: fc.nat({ max: 300 }), how: fc.constantFrom('abandon', 'interrupt') });
const uses = fc.array(
  fc.record({ atNs: fc.nat({ max: 200 }), ns: fc.integer({ min: 1, max: 100 }), stop: fc.option(stop) }),
  { minLength: THREADS, maxLength: THREADS },
);
const RUSH: readonly Use[] = Array.from({ length: THREADS }, () => ({ atNs: 0, ns: 100, stop: null }));
/** When all that the drawn uses have left behind is over. */
const RUSH_AT_NS = 10_000;

/** What every mechanism that threads call and wait for owes to them: registers the laws as tests. */
export function callContract(kind: CallKind): void {
  describe(`the contract of calls: ${kind.name}`, () => {
    it('a thread comes back once, or never if it was stopped; never are more served at once than it has places', () => {
      check(kind, ([drawn, gvlNs]) => {
        const { returns, stopped } = run(kind, gvlNs, [drawn]);
        expect([...returns.map(({ thread }) => thread), ...stopped].sort()).toEqual([0, 1, 2, 3, 4]);
        expect(mostAtOnce(returns)).toBeLessThanOrEqual(kind.capacity);
      });
    });

    it('whoever was stopped leaves nothing behind: afterwards all places are free, and no others', () => {
      check(kind, ([drawn, gvlNs]) => {
        const fresh = run(kind, gvlNs, [[], RUSH]).returns;
        expect(mostAtOnce(fresh)).toBe(kind.inRush ?? kind.capacity);
        expect(run(kind, gvlNs, [drawn, RUSH]).returns.slice(-THREADS)).toEqual(fresh);
      });
    });

    if (kind.inRush === undefined) {
      it('a free place and one who waits for it never coexist', () => {
        check({ ...kind, gvlNs: [0] }, ([drawn]) => {
          const patient = drawn.map((use) => ({ ...use, stop: null }));
          const stays = staysOf(kind, patient, run(kind, 0, [patient]).returns);
          const changesNs = stays.flatMap(({ cameNs, fromNs, toNs }) => [cameNs, fromNs, toNs]);
          for (const atNs of changesNs) {
            if (!stays.some(({ cameNs, fromNs }) => cameNs <= atNs && atNs < fromNs)) continue;
            expect(stays.filter(({ fromNs, toNs }) => fromNs <= atNs && atNs < toNs)).toHaveLength(kind.capacity);
          }
        });
      });

      it('one who is stopped while he waits delays nobody: the others come back as if he had never come', () => {
        let waited = 0;
        check({ ...kind, gvlNs: [0] }, ([drawn]) => {
          const patient = drawn.map((use) => ({ ...use, stop: null }));
          const waits = staysOf(kind, patient, run(kind, 0, [patient]).returns);
          const { thread, cameNs, fromNs } = waits.reduce((a, b) => (waitOf(b) > waitOf(a) ? b : a));
          if (fromNs - cameNs < 2) return; // a stop in the middle comes before it has its place
          waited++;
          const without = run(kind, 0, [patient.map((use, other) => (other === thread ? null : use))]).returns;
          for (const how of ['abandon', 'interrupt'] as const) {
            const stop = { afterNs: Math.floor((fromNs - cameNs) / 2), how };
            const stopped = patient.map((use, other) => (other === thread ? { ...use, stop } : use));
            expect(run(kind, 0, [stopped])).toEqual({ returns: without, stopped: [thread] });
          }
        });
        expect(waited).toBeGreaterThan(0);
      });
    }
  });
}

interface Stay {
  readonly thread: number;
  readonly cameNs: Nanos;
  /** It has its place. */
  readonly fromNs: Nanos;
  readonly toNs: Nanos;
}

const waitOf = ({ cameNs, fromNs }: Stay): Nanos => fromNs - cameNs;

function staysOf({ keeps = 1 }: CallKind, round: readonly Use[], returns: readonly Return[]): Stay[] {
  return returns.map(({ thread, ns, atNs }) => ({
    thread,
    cameNs: round[thread]!.atNs,
    fromNs: atNs - keeps * ns,
    toNs: atNs,
  }));
}

function run(kind: CallKind, gvlNs: Nanos, rounds: readonly Round[]) {
  const kernel = new Kernel();
  const threads = createThreads(kernel, new RequestTable(kernel, 1), [['A', 'B', 'C', 'D', 'E']]);
  const width = kind.use.length;
  const cells = <T>(of: (phase: number) => T): T[] => Array.from({ length: THREADS * width }, (_, k) => of(k % width));
  const requests = {
    maxPhases: width,
    phaseCount: new Array<number>(THREADS).fill(width),
    phaseKind: cells((phase) => kind.use[phase]!),
    phaseKept: cells(() => 0),
    phaseDemand: cells(() => 0),
    status: [],
  };
  const timers = (name: string, act: (thread: Thread) => void, rank: Rank = Rank.Release) => {
    const event = kernel.define(name, rank, act);
    return threads[0]!.map((thread) => kernel.timer(event, thread));
  };
  const ready = timers('test.ready', (thread) => thread.owner!.executed(thread));
  const resume = (thread: Thread): void => kernel.arm(ready[thread.id]!, kernel.nowNs() + gvlNs);
  const execution = { block: () => {}, resume, run: resume } as unknown as Execution;
  const services = (kind.app.services ?? []).map((spec) => new Service(spec));
  const site = { kernel, requests, overheads: false, host: {}, app: kind.app, services } as unknown as Site;
  const calls = new Calls(site, threads, execution);

  const returns: Return[] = [];
  const stopped: number[] = [];
  const isInside = new Set<Thread>();
  const executed = (thread: Thread): void => {
    const at = thread.id * width + thread.position++;
    if (thread.position > width) {
      calls.requestEnds(thread);
      isInside.delete(thread);
      returns.push({ thread: thread.id, ns: requests.phaseDemand[thread.id * width]!, atNs: kernel.nowNs() });
    } else if (requests.phaseKind[at] === PhaseKind.Cpu) {
      kernel.arm(ready[thread.id]!, kernel.nowNs() + requests.phaseDemand[at]!);
    } else calls.phase(thread, thread.id, at);
  };
  rounds.forEach((round, number) => {
    const begin = timers(`test.begin-${number}`, (thread) => {
      requests.phaseDemand.fill(round[thread.id]!.ns, thread.id * width, (thread.id + 1) * width);
      isInside.add(thread);
      thread.position = 0;
      thread.owner = { executed };
      executed(thread);
    });
    const end = timers(
      `test.stop-${number}`,
      (thread) => {
        if (!isInside.delete(thread)) return;
        stopped.push(thread.id);
        kernel.disarm(ready[thread.id]!);
        if (round[thread.id]!.stop!.how === 'abandon') calls.abandon(thread);
        else calls.interrupt(thread, () => false);
      },
      Rank.Sample,
    );
    round.forEach((use, thread) => {
      if (use === null) return;
      const { atNs, stop } = use;
      const beginNs = number * RUSH_AT_NS + atNs;
      kernel.arm(begin[thread]!, beginNs);
      if (stop !== null) kernel.arm(end[thread]!, beginNs + stop.afterNs);
    });
  });
  kernel.runUntil(Number.POSITIVE_INFINITY);
  return { returns, stopped };
}

/** Threads that were served at the same time, at most: each was during the last `ns` before it came back. */
function mostAtOnce(returns: readonly Return[]): number {
  return Math.max(
    0,
    ...returns.map(({ atNs }) => returns.filter((other) => other.atNs - other.ns < atNs && atNs <= other.atNs).length),
  );
}

function check({ gvlNs = [0, 7] }: CallKind, law: (drawn: [Use[], Nanos]) => void): void {
  fc.assert(fc.property(fc.tuple(uses, fc.constantFrom(...gvlNs)), law), { seed: 59, numRuns: 60 });
}
