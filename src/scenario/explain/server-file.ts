import { serverType } from '../../model/servers/registry.js';
import type { ServerFile } from '../../model/servers/server.js';
import type { ServerSpec } from '../../model/spec.js';

/** The settings of a server as its own configuration file; null for servers that have none of this kind. */
export function serverFile({ type, params }: ServerSpec): ServerFile | null {
  return serverType(type).configFile?.(params) ?? null;
}
