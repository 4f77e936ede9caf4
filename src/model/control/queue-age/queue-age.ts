import type { Kernel } from '../../../kernel/kernel.js';
import type { QueueAgeSpec } from '../../control-spec.js';
import type { RequestId } from '../../entities/ids.js';
import type { RequestTable } from '../../entities/requests.js';
import { Status } from '../../observations.js';
import type { Doorkeeper } from '../../site.js';

/**
 * Load shedding by the age of a request: the first middleware of the application compares the clock with the
 * X-Request-Start that the edge has set, and answers requests that are too old with 503 without calling the application.
 *
 * ```
 * in the listen queue -> in the server's queue -> on a thread, GVL held -- age <= limit --> the application
 *                                                                     `-- age > limit  --> 503 (shed)
 * ```
 * The server has accepted and parsed the request by then, and writes an answer: what is saved is the application's part.
 * The age begins when the request is sent; with a buffering proxy, which sets the header when it passes the request on,
 * when the proxy has read it whole.
 * @see zombocom/rack-timeout doc/settings.md (wait_timeout), lib/rack/timeout/core.rb (RequestExpiryError)
 */
export class QueueAge implements Doorkeeper {
  /** @param readsWhole whether a proxy reads requests whole before it sends them on */
  constructor(
    private readonly spec: QueueAgeSpec,
    private readonly kernel: Kernel,
    private readonly requests: RequestTable,
    private readonly readsWhole: boolean,
  ) {}

  refuses(request: RequestId): boolean {
    const { arrivedNs, uploadNs, status } = this.requests;
    const sentNs = arrivedNs[request]! + (this.readsWhole ? uploadNs[request]! : 0);
    if (this.kernel.nowNs() - sentNs <= this.spec.limitNs) return false;
    status[request] = Status.Shed;
    return true;
  }
}
