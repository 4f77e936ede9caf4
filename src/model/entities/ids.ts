/** Index of a thread, unique over all processes of a configuration. */
export type ThreadId = number;
/** Index of a worker process. */
export type ProcessId = number;
/** Slot of a request in the system; re-used after it has left. */
export type { RequestId } from '../observations.js';

export const NOBODY = -1;
