import type { Gauge } from '../../observations.js';
import type { ListenSocket } from '../../reception/listen-socket.js';
import type { AdaptiveThreads } from '../../workers/adaptive-threads/adaptive-threads.js';
import type { PumaProcess } from './process.js';

/** What is measured of Puma as a whole. @param adaptive by process; null: the number of threads in use never changes */
export function pumaGauges(
  socket: ListenSocket,
  workers: readonly PumaProcess[],
  adaptive: readonly AdaptiveThreads[] | null,
): Gauge[] {
  const level = (name: string, read: () => number): Gauge => ({ name, kind: 'level', capacity: 1, read });
  const sum = (of: (process: PumaProcess) => number) => () => workers.reduce((total, one) => total + of(one), 0);
  return [
    level('backlog_count', () => socket.size),
    level(
      'queue_count',
      sum(({ pool }) => pool.backlog),
    ),
    level(
      'busy_threads_count',
      sum(({ pool }) => pool.working),
    ),
    // What Puma.stats says, summed over the workers; see puma/puma v7.2.1 lib/puma/thread_pool.rb (stats).
    level(
      'puma_backlog_count',
      sum(({ pool }) => pool.backlog),
    ),
    level(
      'puma_running_count',
      sum(({ pool }) => pool.spawned),
    ),
    level(
      'puma_busy_threads_count',
      sum(({ pool }) => pool.busy),
    ),
    level(
      'puma_pool_capacity_count',
      sum(({ pool }) => pool.idle + pool.limit - pool.spawned),
    ),
    ...adaptiveGauges(adaptive),
  ];
}

function adaptiveGauges(adaptive: readonly AdaptiveThreads[] | null): Gauge[] {
  if (adaptive === null) return [];
  const read = (nowNs: number): number => adaptive.reduce((sum, one) => sum + one.integral(nowNs), 0);
  return [{ name: 'threads_in_use_limit_count', kind: 'integral', capacity: 1, read }];
}
