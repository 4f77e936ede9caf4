import type { Nanos } from '../../../../kernel/time.js';
import { NOBODY, type RequestId } from '../../../entities/ids.js';
import type { ListenSocket } from '../../../reception/listen-socket.js';
import type { Site } from '../../server.js';

/**
 * What a worker finds in the listen queue, where clients may have gone meanwhile (`check_client_connection`). That shows only
 * when the request has been read.
 *
 * ```
 * listen queue --> accepted -- the client waits --> served
 *                     `-- it has gone, and clients are checked --> dropped: closed without the application
 * ```
 */
export class Intake {
  /** @param dropNs what a worker needs for a request whose client has gone [ns]; 0: all of them are dropped at once */
  constructor(
    private readonly socket: ListenSocket,
    private readonly site: Site,
    private readonly checksClients: boolean,
    readonly dropNs: Nanos,
  ) {}

  /** The next connection, or NOBODY. */
  next(): RequestId {
    let request = this.take();
    while (this.dropNs === 0 && this.isGone(request)) {
      this.drop(request);
      request = this.take();
    }
    return request;
  }

  /** Whether the request has no client any more, and the server notices. */
  isGone(request: RequestId): boolean {
    return this.checksClients && request !== NOBODY && this.site.requests.isGone[request] === 1;
  }

  /** The connection is closed; on to the next. */
  drop(request: RequestId): void {
    this.site.requests.killed(request, false, false);
    this.site.clients.departed(request);
  }

  private take(): RequestId {
    const request = this.socket.accept();
    if (request !== NOBODY) this.site.requests.accepted(request);
    return request;
  }
}
