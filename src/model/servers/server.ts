import type { Schema } from '../../schema/index.js';
import type { RequestId } from '../entities/ids.js';
import type { Threads } from '../entities/thread.js';
import type { Gauge } from '../observations.js';
import type { Door, HostControl, Silence } from '../processes/host-control.js';
import type { Processes } from '../processes/processes.js';
import type { Site } from '../site.js';
import type { RuntimeSpec, SystemSpec } from '../spec.js';

export type { Clients, Site } from '../site.js';

/** A running server. */
export interface Server {
  /** A client opens a connection and sends its request. */
  connect(request: RequestId): void;
  /** The client has gone and closes its end of the connection; left out where servers cannot notice it before they answer. */
  hangUp?(request: RequestId): void;
  /** Numbers of the process and the thread that have the request, where they are not those in its columns. */
  locate?(request: RequestId): { readonly process: number; readonly thread: number };
  /** Its processes, for those who start and end them; left out where they live as long as the run. */
  readonly processes?: Processes;
  /** Where its connections come in; left out where that cannot be closed. */
  readonly door?: Door;
  /** How it falls silent; left out where it never does. */
  readonly silence?: Silence;
  /** The hosts, where it consists of several. */
  readonly hosts?: readonly HostControl[];
  readonly threads: Threads;
  readonly processNames: readonly string[];
  readonly gauges: readonly Gauge[];
}

/** How many requests a server works on at the same time. */
export interface Slots {
  /** Processes, or Ractors; each has one GVL. */
  readonly processes: number;
  /** Most requests that one process works on at the same time. */
  readonly threads: number;
}

/** A configuration file of a server. */
export interface ServerFile {
  /** E.g. `puma.rb`. */
  readonly name: string;
  readonly text: string;
}

/** Something that does not go together, or changes nothing; found when the whole system is known. */
export interface ServerProblem {
  /** Key below the server's settings at which it is reported. */
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * A kind of server: everything that the rest of the program knows of it. One folder each, one object of this type,
 * one line in `registry.ts`; scenario language, reference pages, checks, `explain` and the load formulas follow.
 *
 * @typeParam P validated settings, the value of `params`
 */
export interface ServerType<P> {
  /** As written in scenario files. */
  readonly name: string;
  /** Languages in which it is written; the first is taken where a scenario names none. */
  readonly languages: readonly RuntimeSpec['language'][];
  /** Keys and defaults of `server: {NAME: ...}`; its description says in a sentence what the server is. */
  readonly params: Schema<P>;
  slots(params: P): Slots;
  /** Its processes can be ended and started while it runs. */
  readonly canRestart?: boolean;
  /** Its processes can be told to take nothing more without being asked to end. */
  readonly canBeQuiet?: boolean;
  /** Its processes fetch their work from a queue elsewhere: nobody connects to them. */
  readonly fetchesWork?: boolean;
  /** Its threads serve Rack applications, in which Rack::Timeout works. */
  readonly runsRack?: boolean;
  /** A process works on one request at a time, whatever the settings. */
  readonly isSingleThreaded?: boolean;
  /** The number of threads of a process can change while it runs (`control: {adaptive_threads: ...}`). */
  readonly adaptsThreads?: boolean;
  /** The settings in the server's own configuration file. Left out: it has none. */
  configFile?(params: P): ServerFile;
  /** Processes and threads in the server's own words, for `explain`. Left out: `2 processes x 5 threads`. */
  explain?(params: P): string;
  /** The settings as written, with those defaults written out that depend on other settings. */
  resolve?(written: Readonly<Record<string, unknown>>, params: P): Readonly<Record<string, unknown>>;
  /** What is wrong with the settings in this system; nothing if left out. */
  check?(
    params: P,
    system: Pick<SystemSpec, 'app' | 'load' | 'runtime' | 'operations' | 'memory'>,
  ): readonly ServerProblem[];
  /** Settings that say something, but change nothing in this system: warnings. Nothing if left out. */
  withoutEffect?(params: P, system: Pick<SystemSpec, 'app'>): readonly ServerProblem[];
  /** It keeps the connections of users who keep theirs. Left out: each request comes on a connection of its own. */
  keepsConnections?(params: P): boolean;
  assemble(params: P, site: Site): Server;
}
