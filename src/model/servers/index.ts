import type { ServerSpec } from '../spec.js';
import { ideal } from './ideal/ideal.js';
import { puma } from './puma/puma.js';
import type { Server, ServerType, Site } from './server.js';
import { unicorn } from './unicorn/unicorn.js';

/** Kinds of servers by the name they have in scenario files. */
const SERVERS: readonly ServerType<never>[] = [ideal, puma, unicorn];

/** @throws RangeError for an unknown kind */
export function assembleServer(spec: ServerSpec, site: Site): Server {
  const type = SERVERS.find(({ name }) => name === spec.type);
  if (type === undefined) throw new RangeError(`no server is called ${spec.type}`);
  return type.assemble(spec.params as never, site);
}
