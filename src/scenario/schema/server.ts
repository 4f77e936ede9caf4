import { plannedServers, serverTypes } from '../../model/servers/registry.js';
import { oneKey, type Schema } from '../../schema/index.js';

/** `server: {puma: {...}}` and its parsed value, of which only the server's own folder knows more. */
export interface ServerText {
  readonly kind: string;
  readonly value: unknown;
}

/** Schema of the key `server`: one key for each server that is registered now. */
export function serverSchema(): Schema<ServerText> {
  const choices = Object.fromEntries(serverTypes().map(({ name, params }) => [name, params]));
  return oneKey('The application server and its settings.', choices, { planned: plannedServers() });
}
