import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { AppSpec } from '../../app-spec.js';
import type { ServerProblem } from '../server.js';

/** A master that looks once a second kills up to so much later. */
const LATE_NS: Nanos = 2 * SECOND;

/** The server's own limit, under `key`, ends every request before Rack::Timeout would. */
export function lateRackTimeout({ rackTimeout }: AppSpec, key: string, limitNs: Nanos): ServerProblem[] {
  if (rackTimeout === undefined || rackTimeout.serviceTimeoutNs <= limitNs + LATE_NS) return [];
  const message = 'ends the worker before service_timeout of app.rack_timeout is over, which never acts';
  return [{ path: [key], message }];
}
