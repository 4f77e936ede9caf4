import { type Nanos, SECOND } from '../../../kernel/time.js';
import type { AppSpec } from '../../app-spec.js';
import type { ServerProblem } from '../server.js';

/**
 * Unicorn kills up to so much later: a worker notes the second in which it took the connection, and the master, which looks once a second, kills when more than `timeout` whole seconds
 * lie between (defunkt/unicorn 6.1 lib/unicorn/http_server.rb, murder_lazy_workers). Pitchfork's soft timeout is late only by its wait for the lock: there this is a margin.
 */
const LATE_NS: Nanos = 2 * SECOND;

/** The server's own limit, under `key`, ends every request before Rack::Timeout would. */
export function lateRackTimeout({ rackTimeout }: AppSpec, key: string, limitNs: Nanos): ServerProblem[] {
  if (rackTimeout === undefined || rackTimeout.serviceTimeoutNs <= limitNs + LATE_NS) return [];
  const message = 'ends the worker before service_timeout of app.rack_timeout is over, which never acts';
  return [{ path: [key], message }];
}
