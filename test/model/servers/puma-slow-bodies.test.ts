import { describe, expect, it } from 'vitest';
import type { PumaParams } from '../../../src/model/servers/puma/params.js';
import { c, ms } from '../../support/phases.js';
import { departureTimes, pumaServer, runWorld, world } from '../../support/worlds.js';

/** One thread; the body of the first request takes 500 ms to arrive, the second comes whole at 10 ms. */
function answersMs(queueRequests: boolean): number[] {
  const server = pumaServer('7.2', 0, 1);
  const spec = world({
    server: { ...server, params: { ...(server.params as PumaParams), queueRequests } },
    requests: [
      { atNs: 0, phases: [c(ms(20))] },
      { atNs: ms(10), phases: [c(ms(20))] },
    ],
  });
  spec.app.recorded!.uploadNs[0] = ms(500);
  return departureTimes(runWorld(spec)).map((ns) => ns / 1e6);
}

describe('a request whose body arrives slowly', () => {
  it('waits in the reactor, and others are served meanwhile', () => {
    expect(answersMs(true)).toEqual([520, 30]);
  });

  it('keeps its thread without queue_requests, and others wait', () => {
    expect(answersMs(false)).toEqual([520, 540]);
  });
});
