/** The micro-tests, as loops on the simulated locks. Each returns what its original prints, in its unit. */
import { MICROSECOND, MILLISECOND, type Nanos } from '../../../src/kernel/time.js';
import { quantile } from '../../../src/statistics/index.js';
import { ms, us } from '../../support/phases.js';
import {
  cpu,
  hog,
  type LoopHost,
  type LoopThread,
  PARK,
  runLoops,
  sleep,
  TRIP,
  wake,
} from '../../support/thread-loops.js';
import type { Lateness } from './noise.js';

const HOG: LoopThread = { script: hog };
const hogs = (count: number): LoopThread[] => Array.from({ length: count }, () => HOG);

/** The start of a run, in which the threads have not met yet, does not count. */
const settled = (samplesNs: readonly Nanos[], unitNs: Nanos): Float64Array =>
  Float64Array.from(samplesNs.slice(3), (ns) => ns / unitNs);

/** Wait for the lock after `sleep`, beyond the length of the sleep, next to one hog [ms]. */
export function waitAfterSleep(host: LoopHost, sleepMs: number, hogPriority = 0): number {
  const waitsNs: Nanos[] = [];
  const sleeper: LoopThread = {
    *script({ nowNs, heldSinceNs }) {
      for (;;) {
        const startNs = nowNs();
        yield sleep(ms(sleepMs));
        waitsNs.push(heldSinceNs() - startNs - ms(sleepMs));
      }
    },
  };
  runLoops(host, [{ ...HOG, priority: hogPriority }, sleeper], ms(6000));
  return quantile(settled(waitsNs, MILLISECOND), 0.5);
}

/** From the start of one hog's turn to the start of the next one's [ms]. */
export function sliceLength(host: LoopHost, count: number, level = 0.5): number {
  const turns = runLoops(host, hogs(count), ms(6000));
  const lengthsNs = turns.slice(1).map(({ atNs }, k) => atNs - turns[k]!.atNs);
  return quantile(settled(lengthsNs, MILLISECOND), level);
}

/** Whether the hogs take turns in the order in which they came. */
export function rotates(host: LoopHost, count: number): boolean {
  return runLoops(host, hogs(count), ms(3000)).every(({ thread }, k) => thread === k % count);
}

/** Iterations of {work; a call that returns at once} next to hogs, in `durationMs`. */
export function tripsNextToHogs(host: LoopHost, count: number, workNs: Nanos, durationMs: number): number {
  return endsNextToHogs(host, count, workNs, durationMs, true).length;
}

/** {work}, with or without a call that returns at once, next to hogs: mean length in the long run [ms]. */
export function iterationNextToHogs(host: LoopHost, count: number, workNs: Nanos, trips = 1): number {
  const endsNs = endsNextToHogs(host, count, workNs, 30_000, trips > 0);
  return (endsNs.at(-1)! - endsNs[0]!) / (endsNs.length - 1) / MILLISECOND;
}

function endsNextToHogs(
  host: LoopHost,
  count: number,
  workNs: Nanos,
  durationMs: number,
  makesTrips: boolean,
): readonly Nanos[] {
  const endsNs: Nanos[] = [];
  const looper: LoopThread = {
    *script({ nowNs }) {
      for (;;) {
        yield cpu(workNs);
        if (makesTrips) yield TRIP;
        endsNs.push(nowNs());
      }
    },
  };
  runLoops(host, [looper, ...hogs(count)], ms(durationMs));
  return endsNs;
}

/** Wait for the lock in a call that returns at once, made soon after `sleep`, next to one hog [ms]. */
export function waitOfTrip(host: LoopHost): number {
  const waitsNs: Nanos[] = [];
  const looper: LoopThread = {
    *script({ nowNs, heldSinceNs }) {
      for (;;) {
        yield sleep(ms(20));
        const startNs = nowNs();
        yield TRIP;
        waitsNs.push(heldSinceNs() - startNs);
      }
    },
  };
  runLoops(host, [HOG, looper], ms(6000));
  return quantile(settled(waitsNs, MILLISECOND), 0.5);
}

/** Time per {work; a call that returns at once}, all threads together [us]. */
export function timePerTrip(host: LoopHost, threads: number, workUs: number): number {
  let iterations = 0;
  const looper: LoopThread = {
    *script() {
      for (;;) {
        yield cpu(us(workUs));
        yield TRIP;
        iterations++;
      }
    },
  };
  const durationMs = workUs < 100 ? 200 : 600;
  runLoops(host, new Array<LoopThread>(threads).fill(looper), ms(durationMs));
  return (durationMs * 1000) / iterations;
}

/** Two threads wake each other in turn and sleep: time for one way [us]. */
export function pingPong(host: LoopHost): number {
  let rounds = 0;
  const player = (other: number, serves: boolean): LoopThread => ({
    *script() {
      if (!serves) yield PARK;
      for (;;) {
        yield wake(other);
        yield PARK;
        rounds++;
      }
    },
    atNs: serves ? us(100) : 0,
  });
  runLoops(host, [player(1, true), player(0, false)], ms(100));
  return 100_000 / rounds;
}

/** From a thread's `sleep` to the first instruction of the thread that has waited for the lock: median [us]. */
export function gapBetweenOwners(host: LoopHost): number {
  const gapsNs: Nanos[] = [];
  const looper: LoopThread = {
    *script({ heldSinceNs, lastReleaseNs }) {
      for (;;) {
        yield cpu(ms(2));
        yield sleep(ms(1));
        gapsNs.push(heldSinceNs() - lastReleaseNs());
      }
    },
  };
  runLoops(host, [looper, looper, looper], ms(1000));
  return quantile(settled(gapsNs, MICROSECOND), 0.5);
}

export interface ClosedLoop {
  readonly threads: number;
  readonly cpuMs: number;
  readonly sleepMs: number;
  /** @default 0 */
  readonly hogs?: number;
  readonly seconds: number;
}

/** `threads` threads repeat {CPU; sleep}, hogs beside them: lengths of the iterations in order of size [ms]. */
export function iterations(host: LoopHost, loop: ClosedLoop, late: Lateness): Float64Array {
  const { threads, cpuMs, sleepMs, seconds } = loop;
  const lengthsNs: Nanos[] = [];
  const looper: LoopThread = {
    *script({ nowNs, ownLatenessNs }) {
      for (let k = 0; ; k++) {
        const startNs = nowNs();
        yield cpu(ms(cpuMs) + late.burstNs(cpuMs));
        yield sleep(ms(sleepMs) + Math.max(0, late.sleepNs() - ownLatenessNs));
        if (k >= 3) lengthsNs.push(nowNs() - startNs);
      }
    },
  };
  runLoops(host, [...hogs(loop.hogs ?? 0), ...new Array<LoopThread>(threads).fill(looper)], ms(1000 * seconds));
  return Float64Array.from(lengthsNs, (ns) => ns / MILLISECOND).sort();
}

/** Four waiters come 5 ms apart behind one owner: the order in which they get the lock. */
export function orderOfService(host: LoopHost): number[] {
  const order: number[] = [];
  const waiter = (k: number): LoopThread => ({
    *script() {
      order.push(k);
      yield cpu(ms(3));
    },
    atNs: ms(5 * k),
  });
  const owner: LoopThread = {
    *script() {
      yield cpu(ms(60));
    },
  };
  runLoops(host, [owner, waiter(1), waiter(2), waiter(3), waiter(4)], ms(1000));
  return order;
}

/** A thread sleeps 237 ms while a hog runs alone, and waits [ms]. */
export function waitBehindSoloRun(host: LoopHost): number {
  let waitNs = Number.NaN;
  const late: LoopThread = {
    *script({ nowNs, heldSinceNs }) {
      const startNs = nowNs();
      yield sleep(ms(237));
      waitNs = heldSinceNs() - startNs - ms(237);
    },
  };
  runLoops(host, [late, HOG], ms(1000));
  return waitNs / MILLISECOND;
}
