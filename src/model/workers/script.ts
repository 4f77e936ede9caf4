import type { Nanos } from '../../kernel/time.js';
import type { Thread } from '../entities/thread.js';

/** One thing a server's thread does around the application code, in the order of the server's source. */
export type ScriptStep =
  /** Ruby code under the GVL [ns of CPU time]; `coldNs` as in `ColdCode`. */
  | { readonly step: 'ruby'; readonly ns: Nanos; readonly what: string; readonly coldNs?: Nanos }
  /** A blocking call that returns at once: the GVL is released and queued for again. */
  | { readonly step: 'trip'; readonly what: string }
  /** Something the server decides, now; true if it makes a blocking call for that, which returns at once. */
  | { readonly step: 'ask'; readonly decides: (thread: Thread) => boolean }
  /** The client has the whole answer. */
  | { readonly step: 'answer' };

/** What a server does with a request before and after the application; the thread is busy until the end of it. */
export interface ServerScript {
  readonly before: readonly ScriptStep[];
  readonly after: readonly ScriptStep[];
}

/** No overheads: the application, then the answer. */
export const BARE_SCRIPT: ServerScript = { before: [], after: [{ step: 'answer' }] };
