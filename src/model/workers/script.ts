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
  /** The answer is handed to the kernel, which may have to wait for the client [ns]: blocked, GVL released. */
  | { readonly step: 'send'; readonly waitsNs: (thread: Thread) => Nanos }
  /** The client has the whole answer. */
  | { readonly step: 'answer' };

/** What a server does with a request before and after the application; the thread is busy until the end of it. */
export interface ServerScript {
  readonly before: readonly ScriptStep[];
  readonly after: readonly ScriptStep[];
}

/** Who wants to know which threads are at work for a client. */
export interface ServeWatch {
  /** The thread begins to work for a request. */
  began(thread: Thread): void;
  /** The thread is about to answer. */
  ended?(thread: Thread): void;
}

/** A step that takes no time: somebody is told. */
function told(tell: (thread: Thread) => void): ScriptStep {
  return {
    step: 'ask',
    decides: (thread) => {
      tell(thread);
      return false;
    },
  };
}

/** The script, with somebody who is told when the application begins and ends. */
export function withinApplication({ before, after }: ServerScript, watch: Required<ServeWatch>): ServerScript {
  return {
    before: [...before, told((thread) => watch.began(thread))],
    after: [told((thread) => watch.ended(thread)), ...after],
  };
}

/** The script, with somebody who is told from the first step to the answer. */
export function watched(script: ServerScript, watch: ServeWatch): ServerScript {
  const { before, after } = script;
  if (watch.ended === undefined) return { before: [told((thread) => watch.began(thread)), ...before], after };
  const answer = after.findIndex(({ step }) => step === 'answer');
  return {
    before: [told((thread) => watch.began(thread)), ...before],
    after: [...after.slice(0, answer), told((thread) => watch.ended!(thread)), ...after.slice(answer)],
  };
}

/** The script, with a wait for the client before the answer is complete. */
export function sending({ before, after }: ServerScript, waitsNs: (thread: Thread) => Nanos): ServerScript {
  const answer = after.findIndex(({ step }) => step === 'answer');
  return { before, after: [...after.slice(0, answer), { step: 'send', waitsNs }, ...after.slice(answer)] };
}

/** No overheads: the application, then the answer. */
export const BARE_SCRIPT: ServerScript = { before: [], after: [{ step: 'answer' }] };
