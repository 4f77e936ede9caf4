import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { ServerProblem } from '../server.js';

/**
 * Settings that the server takes as a whole number of seconds, and the scenario has as something else.
 *
 * @param settings by the server's words [ns]; Infinity = never
 */
export function notWholeSeconds(server: string, settings: Readonly<Record<string, Nanos>>): ServerProblem[] {
  return Object.entries(settings)
    .filter(([, ns]) => Number.isFinite(ns) && ns % SECOND !== 0)
    .map(([key, ns]) => ({ path: [key], message: `${server} takes whole seconds: received ${ns / SECOND} s` }));
}
