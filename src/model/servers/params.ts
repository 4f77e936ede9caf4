import { oneKey, type Schema } from '../../schema/index.js';
import type { ServerSpec } from '../spec.js';
import { type IdealParams, idealParams } from './ideal/params.js';
import { type PumaParams, pumaParams } from './puma/params.js';
import { type UnicornParams, unicornParams } from './unicorn/params.js';

/** Servers that can be simulated, by the name they have in scenario files, with the schema of their settings. */
export const serverParams = { puma: pumaParams, unicorn: unicornParams, ideal: idealParams } as const;

/** Servers that scenario files may name, but that are not simulated yet. */
export const PLANNED_SERVERS = ['pitchfork', 'falcon', 'sidekiq', 'resque', 'gunicorn'] as const;

/** `server: {puma: {...}}` and its parsed value. */
export type ServerChoice =
  | { readonly kind: 'puma'; readonly value: PumaParams }
  | { readonly kind: 'unicorn'; readonly value: UnicornParams }
  | { readonly kind: 'ideal'; readonly value: IdealParams };

/** Schema of the key `server` of a scenario. */
export function serverSchema(): Schema<ServerChoice> {
  return oneKey('The application server and its settings.', serverParams, { planned: PLANNED_SERVERS });
}

/** How many requests a server works on at the same time. */
export interface Slots {
  /** Processes; each has one GVL. */
  readonly processes: number;
  /** Most threads of one process that serve requests. */
  readonly threads: number;
}

/** @throws RangeError for a server that is not in `serverParams` */
export function slotsOf(server: ServerSpec): Slots {
  const { kind, value } = { kind: server.type, value: server.params } as ServerChoice;
  if (kind === 'puma') return { processes: Math.max(1, value.workers), threads: value.maxThreads };
  if (kind === 'unicorn') return { processes: value.workerProcesses, threads: 1 };
  if (kind === 'ideal') return { processes: value.processes, threads: value.threads };
  throw new RangeError(`no server is called ${server.type}`);
}
