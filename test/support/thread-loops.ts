/**
 * Threads of one process that loop, without a server: scripts written as generators, as one writes the micro-tests
 * of a lock in Ruby. The locks are the simulator's own and every cost is the default of a scenario for such a host.
 */
import { Kernel } from '../../src/kernel/kernel.js';
import { Rank } from '../../src/kernel/ranks.js';
import type { Nanos } from '../../src/kernel/time.js';
import { RequestTable } from '../../src/model/entities/requests.js';
import type { Thread } from '../../src/model/entities/thread.js';
import { Part } from '../../src/model/observations.js';
import { setPriority } from '../../src/model/runtimes/gvl/gvl.js';
import { WARM_FOR_NS } from '../../src/model/runtimes/gvl/wake-ups.js';
import { createRuntime } from '../../src/model/runtimes/runtime.js';
import type { SystemSpec } from '../../src/model/spec.js';
import { createStreams } from '../../src/random/streams.js';
import { experimentOf } from '../experiment/scenarios.js';
import { ms } from './phases.js';

export interface LoopHost {
  /** M:N: RUBY_MN_THREADS=1. */
  readonly ruby: '3.1' | '3.3' | '3.3 M:N';
  readonly cores: 1 | 2;
  /** @default that of a scenario with so many cores */
  readonly wakeLatencyNs?: Nanos;
  /** @default that of a scenario with so many cores, but at most `wakeLatencyNs` */
  readonly warmWakeLatencyNs?: Nanos;
}

type Step =
  | { readonly does: 'cpu' | 'sleep'; readonly ns: Nanos }
  | { readonly does: 'trip' | 'park' }
  | { readonly does: 'wake'; readonly thread: number };

/** Ruby code. */
export const cpu = (ns: Nanos): Step => ({ does: 'cpu', ns });
/** `sleep`: ends late by the host's overshoot; the call's own CPU time follows once the lock is back. */
export const sleep = (ns: Nanos): Step => ({ does: 'sleep', ns });
/** A blocking call that returns at once, such as `wait_readable(0)`. */
export const TRIP: Step = { does: 'trip' };
/** Waits, without the lock, until another thread says `wake`, such as `Queue#pop`. */
export const PARK: Step = { does: 'park' };
export const wake = (thread: number): Step => ({ does: 'wake', thread });

/** What a script can read. */
export interface View {
  nowNs(): Nanos;
  /** Since when this thread has the lock: after a blocking call, the end of its wait. */
  heldSinceNs(): Nanos;
  /** When any thread last entered a blocking call. */
  lastReleaseNs(): Nanos;
  /** By how much `sleep` ends late by itself: the host's overshoot, and the call's own CPU time. */
  readonly ownLatenessNs: Nanos;
}

export interface LoopThread {
  readonly script: (view: View) => Generator<Step, void, void>;
  /** @default 0 */
  readonly atNs?: Nanos;
  /** Thread#priority. @default 0 */
  readonly priority?: number;
}

/** A thread got the lock. */
export interface TurnStart {
  readonly thread: number;
  readonly atNs: Nanos;
}

/** Runs the scripts for `durationNs`; returns the turns that lasted until the end of a step, in time order. */
export function runLoops(host: LoopHost, loops: readonly LoopThread[], durationNs: Nanos): TurnStart[] {
  const system = systemOn(host);
  const kernel = new Kernel();
  const requests = new RequestTable(kernel, 1);
  const clients = { departed: () => undefined };
  const site = {
    ...system,
    kernel,
    requests,
    streams: createStreams(1, 0),
    clients,
    memory: null,
    services: [],
    downloadNs: null,
    doorkeeper: null,
    isOperated: false,
    adaptiveThreads: null,
  };
  const { threads, execution } = createRuntime(site, [loops.map((_, index) => `loop ${index}`)]);
  const turns: TurnStart[] = [];
  let lastReleaseNs = 0;

  const { wakeLatencyNs, warmWakeLatencyNs, sleepOvershootNs, ioCallNs } = system.host;
  const parkedNs = loops.map(() => 0);
  const START = kernel.define('test.start', Rank.Arrival, (thread: Thread) => execution.resume(thread));
  const SLEPT = kernel.define('test.slept', Rank.Release, (thread: Thread) => execution.run(thread, ioCallNs));
  const WOKEN = kernel.define('test.woken', Rank.Release, (thread: Thread) => execution.resume(thread));
  const all = threads[0]!;
  const sleepTimer = all.map((thread) => kernel.timer(SLEPT, thread));
  const wakeTimer = all.map((thread) => kernel.timer(WOKEN, thread));
  const scripts = loops.map(({ script }, index) =>
    script({
      nowNs: () => kernel.nowNs(),
      heldSinceNs: () => all[index]!.grantedNs,
      lastReleaseNs: () => lastReleaseNs,
      ownLatenessNs: sleepOvershootNs + ioCallNs,
    }),
  );

  const noteTurn = (thread: Thread): void => {
    const last = turns.at(-1);
    if (last?.thread !== thread.id) turns.push({ thread: thread.id, atNs: thread.grantedNs });
  };
  const executed = (thread: Thread): void => {
    noteTurn(thread);
    let next = scripts[thread.id]!.next();
    while (!next.done && next.value.does === 'wake') {
      const { thread: other } = next.value;
      const isWarm = kernel.nowNs() - parkedNs[other]! < WARM_FOR_NS;
      kernel.arm(wakeTimer[other]!, kernel.nowNs() + (isWarm ? warmWakeLatencyNs : wakeLatencyNs));
      next = scripts[thread.id]!.next();
    }
    const step = next.done ? PARK : next.value;
    if (step.does === 'cpu') {
      execution.run(thread, step.ns);
      return;
    }
    lastReleaseNs = kernel.nowNs();
    if (step.does === 'trip') execution.trip(thread);
    else if (step.does === 'sleep') {
      execution.block(thread, Part.Io);
      kernel.arm(sleepTimer[thread.id]!, kernel.nowNs() + step.ns + sleepOvershootNs);
    } else {
      parkedNs[thread.id] = kernel.nowNs();
      execution.block(thread, Part.Queue);
    }
  };
  loops.forEach(({ atNs = 0, priority = 0 }, index) => {
    const thread = all[index]!;
    thread.owner = { executed };
    setPriority(thread, priority);
    kernel.arm(kernel.timer(START, thread), atNs);
  });
  kernel.runUntil(durationNs);
  return turns;
}

/** Never gives the lock up by itself. Looks around every ms, so that its turns are noted. */
export function* hog(): Generator<Step, void, void> {
  for (;;) yield cpu(ms(1));
}

const systems = new Map<string, SystemSpec>();

function systemOn({ ruby, cores, wakeLatencyNs, ...others }: LoopHost): SystemSpec {
  const key = `${ruby} ${cores}`;
  const system = systems.get(key) ?? defaultSystem(ruby, cores);
  systems.set(key, system);
  const { host } = system;
  const coldNs = wakeLatencyNs ?? host.wakeLatencyNs;
  const { warmWakeLatencyNs = Math.min(coldNs, host.warmWakeLatencyNs) } = others;
  return { ...system, host: { ...host, wakeLatencyNs: coldNs, warmWakeLatencyNs } };
}

/** Of a server's scenario that leaves every cost of the host at its default. */
function defaultSystem(ruby: LoopHost['ruby'], cores: LoopHost['cores']): SystemSpec {
  const [version] = ruby.split(' ');
  return experimentOf(`
version: 1
name: loops
host: {cores: ${cores}}
ruby: {version: "${version}", gc: "off", mn_threads: ${ruby.endsWith('M:N')}}
server: {unicorn: {worker_processes: 1}}
app: {classes: [{name: only, cpu: 1ms}]}
load: {open: {rate: 1/s}}
run: {duration: 1s}
`).configurations[0]!.system;
}
