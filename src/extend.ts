/**
 * For those who add a server of their own: see docs/extending.md.
 *
 * ```ts
 * import { registerServer } from 'gvlsim/extend';
 * import { loadScenarioFile } from 'gvlsim';
 *
 * registerServer(mine);
 * loadScenarioFile('mine.yml'); // server: {mine: {...}}
 * ```
 *
 * @packageDocumentation
 */
export { type EventKind, Kernel, type Timer } from './kernel/kernel.js';
export { Rank } from './kernel/ranks.js';
export { MICROSECOND, MILLISECOND, type Nanos, SECOND } from './kernel/time.js';
export { Fifo } from './model/entities/fifo.js';
export { NOBODY, type ProcessId, type RequestId } from './model/entities/ids.js';
export type { Thread, ThreadOwner, Threads } from './model/entities/thread.js';
export { type Gauge, Part, Status } from './model/observations.js';
export { ListenSocket, type ListenSocketListener } from './model/reception/listen-socket.js';
export { createRuntime, type Runtime } from './model/runtimes/runtime.js';
export { registerServer, serverTypes } from './model/servers/registry.js';
export type { Clients, Server, ServerType, Site, Slots } from './model/servers/server.js';
export { createRunner } from './model/workers/create-runner.js';
export type { RequestRunner, RunnerListener } from './model/workers/request-runner.js';
export { BARE_SCRIPT, type ScriptStep, type ServerScript } from './model/workers/script.js';
export {
  count,
  decimal,
  duration,
  flag,
  oneOf,
  optional,
  preset,
  ratio,
  record,
  type Schema,
  size,
  text,
  version,
} from './schema/index.js';
