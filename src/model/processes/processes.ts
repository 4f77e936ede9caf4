import type { ProcessId } from '../entities/ids.js';

/** What a place for a process is in; see `ProcessLife`. */
export const ProcessState = { Absent: 0, Booting: 1, Serving: 2, Draining: 3 } as const;
export type ProcessState = (typeof ProcessState)[keyof typeof ProcessState];

/** What comes after the end of a process: a new one at once (the master forks again), or nothing. */
export type Afterwards = 'replaced' | 'absent';

/** Told what becomes of the processes. */
export interface ProcessWatcher {
  /** The process serves from now on. */
  ready?(process: ProcessId): void;
  /** The process has ended, however; a replacement may begin to boot after this. */
  gone?(process: ProcessId): void;
}

/**
 * The processes of a running server, for those who start and end them: deploys, worker killers, autoscalers, lost hosts.
 * A process is a place with a number; what runs there may change. All places serve at the start of a run.
 */
export interface Processes {
  /** Places. */
  readonly count: number;
  stateOf(process: ProcessId): ProcessState;
  /** A process is started where there is none: it boots, then serves. No effect otherwise. */
  start(process: ProcessId): void;
  /**
   * Everything is started from nothing, where no process is: the application is loaded once and all processes are forked
   * after that, or each loads it, as the server does at its start.
   */
  startAll(): void;
  /** A process that serves takes nothing more until it is replaced (TSTP); servers that cannot be told so go on. */
  quiet(process: ProcessId): void;
  /**
   * SIGTERM: a process that serves accepts no more, finishes what it has, and ends; after `withinNs` it is killed. No effect
   * on one that does not serve, except that one that drains ends earlier if that is asked for, and is not replaced once `absent` has been.
   */
  drain(process: ProcessId, afterwards: Afterwards, withinNs?: number): void;
  /** One process after the other is drained and replaced; see `RollingReplacement`. */
  replaceInTurn(withinNs: number): void;
  /**
   * SIGKILL, whatever it is doing: requests that it has accepted end as killed. Not to be called while one of its threads
   * reports that it has executed something: from an event of one's own.
   */
  kill(process: ProcessId, afterwards?: Afterwards): void;
  watch(watcher: ProcessWatcher): void;
}

/** The processes of several hosts as one, numbered through; undefined if those of a host cannot be started or ended. */
export function processesOfAll(hosts: readonly (Processes | undefined)[]): Processes | undefined {
  const places: { readonly of: Processes; readonly at: ProcessId }[] = [];
  const firsts: number[] = [];
  for (const of of hosts) {
    if (of === undefined) return undefined;
    firsts.push(places.length);
    for (let at = 0; at < of.count; at++) places.push({ of, at });
  }
  const place = (process: ProcessId): (typeof places)[number] => places[process]!;
  return {
    count: places.length,
    stateOf: (process) => place(process).of.stateOf(place(process).at),
    start: (process) => place(process).of.start(place(process).at),
    startAll: () => {
      for (const of of hosts) of!.startAll();
    },
    quiet: (process) => place(process).of.quiet(place(process).at),
    drain: (process, ...how) => place(process).of.drain(place(process).at, ...how),
    replaceInTurn: (withinNs) => {
      for (const of of hosts) of!.replaceInTurn(withinNs);
    },
    kill: (process, ...how) => place(process).of.kill(place(process).at, ...how),
    watch: (watcher) => {
      hosts.forEach((of, host) => {
        of!.watch({
          ready: (process) => watcher.ready?.(process + firsts[host]!),
          gone: (process) => watcher.gone?.(process + firsts[host]!),
        });
      });
    },
  };
}
