import type { BootTimes } from '../../processes/process-life.js';
import { FORKING_COSTS } from '../common/forking/costs.js';
import type { Site } from '../server.js';
import type { GunicornParams } from './params.js';

/** How a worker begins and ends. The fork was not measured with gunicorn and takes the time that Unicorn needs for it. */
export function bootOf({ preloadApp, bootTimeNs, gracefulTimeoutNs }: GunicornParams, { overheads }: Site): BootTimes {
  return {
    forkNs: overheads ? FORKING_COSTS.respawnNs : 0,
    loadNs: preloadApp ? 0 : bootTimeNs,
    masterLoadNs: preloadApp ? bootTimeNs : 0,
    drainNs: gracefulTimeoutNs,
  };
}
