import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../src/model/gc/collector.js';
import { drive } from './gc/drive.js';
import { ms } from './phases.js';

export interface CollectorKind {
  readonly name: string;
  readonly make: () => Collector;
  /** Two heaps, and the processes (or ractors) that have each of them. */
  readonly heaps: readonly (readonly number[])[];
  /** Whether it ever stops a process that allocates a lot. */
  readonly collects: boolean;
}

type Method = (...args: readonly number[]) => unknown;

const QUESTIONS: readonly PropertyKey[] = ['runnableFraction', 'stepCostNs', 'counts'];
const STOPS: readonly PropertyKey[] = ['collect', 'collectFully'];
/** Bursts of one thread in every process, most of them with collections. */
const script = fc.array(
  fc.record({
    process: fc.nat({ max: 3 }),
    workNs: fc.integer({ min: ms(1), max: ms(5) }),
    objects: fc.integer({ min: 0, max: 60_000 }),
    mallocBytes: fc.integer({ min: 0, max: 20_000_000 }),
    kept: fc.nat({ max: 5_000 }),
    finally: fc.constantFrom('requestEnded', 'collectFully', 'renewed', 'nothing'),
  }),
  { minLength: 1, maxLength: 25 },
);
type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

/** What every collector owes to those who run bursts (the docs of `Collector`): registers the laws as tests. */
export function collectorContract({ name, make, heaps, collects }: CollectorKind): void {
  const processes = heaps.flat();

  describe(`the contract of collections: ${name}`, () => {
    it('questions change nothing; only stops collect, each books its length; no heap touches another', () => {
      let stops = 0;
      check((bursts) => {
        const collector = audited(make(), heaps);
        run(collector, processes, bursts, () => stops++);
      });
      expect(stops > 0).toBe(collects);
    });

    it('a piece that is booked in two halves leads to the same collections', () => {
      check((bursts) => {
        const [whole, halves] = [make(), make()];
        run(whole, processes, bursts);
        run(inHalves(halves), processes, bursts);
        for (const process of processes) {
          const { minor, major } = whole.counts(process);
          expect(halves.counts(process)).toMatchObject({ minor, major });
        }
      });
    });
  });
}

function run(collector: Collector, processes: readonly number[], bursts: Script, stopped?: () => void): void {
  for (const { kept, finally: last, ...burst } of bursts) {
    const process = processes[burst.process % processes.length]!;
    collector.keep(process, process, kept);
    drive(collector, { ...burst, process, thread: process }, stopped);
    if (last === 'requestEnded') collector.requestEnded(process, process);
    else if (last !== 'nothing') collector[last](process);
  }
}

/** The collector, with every call of a method held against the laws. */
function audited(collector: Collector, heaps: CollectorKind['heaps']): Collector {
  return wrapped(collector, (method, call, args) => {
    const mine = heaps.findIndex((processes) => processes.includes(args[0]!));
    const isQuestion = QUESTIONS.includes(method);
    const before = heaps.map(([process]) => look(collector, process!));
    const answer = call(...args);
    heaps.forEach((processes, heap) => {
      for (const process of processes) {
        const after = look(collector, process);
        if (heap !== mine || isQuestion) same(after, before[heap]!);
        else booked(method, answer as number, before[heap]!, after);
      }
    });
    if (method === 'runnableFraction') holds((answer as number) >= 0 && (answer as number) <= 1, `fraction ${answer}`);
    if (method === 'stepCostNs') holds(isWholeNs(answer as number), `step of ${answer} ns`);
    if (isQuestion && method !== 'counts') holds(call(...args) === answer, `${String(method)} asked twice`);
    return answer;
  });
}

/** What a call has done to the counts of its own process. */
function booked(method: PropertyKey, answer: number, before: readonly number[], after: readonly number[]): void {
  const [minor, major, pausedNs] = [0, 1, 2].map((k) => after[k]! - before[k]!) as [number, number, number];
  holds(minor >= 0 && major >= 0 && pausedNs >= 0, `${String(method)}: counts fall`);
  if (STOPS.includes(method)) holds(isWholeNs(answer) && pausedNs === answer, `${answer} ns booked as ${pausedNs}`);
  else if (method !== 'renewed') holds(minor + major + pausedNs === 0, `${String(method)} collects`);
}

/** The collector as a thread sees it whose every piece is interrupted in the middle. */
function inHalves(collector: Collector): Collector {
  return wrapped(collector, (method, call, args) => {
    if (method !== 'allocated') return call(...args);
    const [process, thread, ...amounts] = args as [number, number, ...number[]];
    for (let k = 0; k < 2; k++) call(process, thread, ...amounts.map((amount) => amount / 2));
    return undefined;
  });
}

function wrapped(
  collector: Collector,
  around: (method: PropertyKey, call: Method, args: readonly number[]) => unknown,
): Collector {
  return new Proxy(collector, {
    get(target, method) {
      const value = target[method as keyof Collector];
      if (typeof value !== 'function') return value;
      const call = (value as Method).bind(target) as Method;
      return (...args: number[]) => around(method, call, args);
    },
  });
}

/** All that can be asked of a process. The counts come first. */
function look(collector: Collector, process: number): readonly number[] {
  const { minor, major, pausedNs } = collector.counts(process);
  return [
    minor,
    major,
    pausedNs,
    collector.runnableFraction(process, ms(1000), 0, 0),
    collector.runnableFraction(process, 1, 10_000_000, 0),
    collector.runnableFraction(process, 1, 1_000_000, 10_000_000_000),
    collector.stepCostNs(process, 1_000),
  ];
}

const isWholeNs = (ns: number): boolean => Number.isInteger(ns) && ns >= 0;

function same(one: readonly number[], other: readonly number[]): void {
  if (one.some((value, k) => value !== other[k])) expect(one).toEqual(other);
}

/** `expect` alone would cost more than all of the collections. */
function holds(law: boolean, what: string): void {
  if (!law) expect.fail(what);
}

function check(law: (bursts: Script) => void): void {
  fc.assert(fc.property(script, law), { seed: 53, numRuns: 12 });
}
