import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/kernel/time.js';
import { Status } from '../../../src/model/observations.js';
import { operationsParams } from '../../../src/model/operations/params.js';
import { PhaseKind } from '../../../src/model/phases.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { i, ms } from '../../support/phases.js';
import { byArrival, runWorld, type WorldParams, world, written } from '../../support/worlds.js';

describe('a worker that has a reason of its own to end while a full restart drains it', () => {
  /** At 1 s each worker has accepted some that have not begun: the ninth of a worker begins after that. */
  const counts: WorldParams = {
    server: written('gunicorn', { workers: 2, threads: 2, max_requests: 9, boot_time: '10ms' }),
    load: { kind: 'renewal', interarrival: createConstant(ms(20)) },
    phases: [[PhaseKind.Io, createConstant(ms(300))]],
  };
  /** One for each worker, over the limit at 1.3 s and 1.35 s; the third comes when nobody serves. */
  const overdue: WorldParams = {
    server: written('puma', { version: '7.2', workers: 2, threads: 1, drain_then_kill: '400ms', boot_time: '10ms' }),
    requests: [900, 950, 1200].map((at) => ({ atNs: ms(at), phases: [i(ms(at < 1000 ? 600 : 10))] })),
  };
  const patient = written('puma', { version: '7.2', workers: 2, threads: 1, boot_time: '10ms' });

  it.each([
    ['max_requests', counts, []],
    ['drain_then_kill', overdue, []],
    ['a crash', { ...overdue, server: patient }, [{ worker_loss: { at: '1100ms', worker: 0 } }]],
  ])('is not replaced before the others have gone (%s)', (_, params, more) => {
    const gone = new Set<number>();
    const goneBefore: number[] = [];
    const operations = operationsParams.parse([{ full_restart: { at: '1s' } }, ...more]);
    const run = runWorld(
      { ...world(params), operations },
      {
        limits: { durationNs: 3 * SECOND },
        prepare: ({ processes, kernel }) =>
          processes!.watch({
            gone: (process) => void (kernel.nowNs() >= SECOND && gone.add(process)),
            ready: () => void (kernel.nowNs() >= SECOND && goneBefore.push(gone.size)),
          }),
      },
    );
    expect(goneBefore[0]).toBe(2);
    const late = byArrival(run).filter(({ arrivedNs }) => arrivedNs > 1.1 * SECOND);
    expect(late.some(({ status }) => status === Status.Ok)).toBe(true);
  });
});
