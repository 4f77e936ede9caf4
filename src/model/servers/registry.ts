import type { ServerSpec } from '../spec.js';
import { falcon } from './falcon/falcon.js';
import { gunicorn } from './gunicorn/gunicorn.js';
import { ideal } from './ideal/ideal.js';
import { pitchfork } from './pitchfork/pitchfork.js';
import { puma } from './puma/puma.js';
import { resque } from './resque/resque.js';
import type { Server, ServerType, Site, Slots } from './server.js';
import { sidekiq } from './sidekiq/sidekiq.js';
import { unicorn } from './unicorn/unicorn.js';

/** Every kind of server, in the order in which the scenario language lists them. The one place that names them all. */
const TYPES: ServerType<unknown>[] = [puma, unicorn, pitchfork, falcon, sidekiq, resque, gunicorn, ideal];

/** Servers that scenario files may name, but that are not simulated yet. */
const PLANNED: readonly string[] = [];

/**
 * Adds a kind of server from outside: from now on scenarios may name it.
 *
 * @returns takes it out again
 * @throws RangeError if there is one of that name
 */
export function registerServer<P>(type: ServerType<P>): () => void {
  if (TYPES.some(({ name }) => name === type.name)) throw new RangeError(`there is a server called ${type.name}`);
  TYPES.push(type);
  return () => {
    TYPES.splice(TYPES.indexOf(type), 1);
  };
}

export function serverTypes(): readonly ServerType<unknown>[] {
  return TYPES;
}

/** Names that are understood but not simulated yet. */
export function plannedServers(): readonly string[] {
  return PLANNED.filter((planned) => !TYPES.some(({ name }) => name === planned));
}

/** @throws RangeError for an unknown kind */
export function serverType(name: string): ServerType<unknown> {
  const type = TYPES.find((known) => known.name === name);
  if (type === undefined) throw new RangeError(`no server is called ${name}`);
  return type;
}

export function slotsOf({ type, params }: ServerSpec): Slots {
  return serverType(type).slots(params);
}

export function assembleServer({ type, params }: ServerSpec, site: Site): Server {
  return serverType(type).assemble(params, site);
}
