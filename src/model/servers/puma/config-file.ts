import type { PumaParams } from './params.js';

/**
 * The settings as `puma.rb`.
 * @see puma/puma v7.2.1 lib/puma/dsl.rb
 */
export function pumaFile(puma: PumaParams): string {
  const lines = [`# Puma ${puma.version}`, `workers ${puma.workers}`, `threads ${puma.minThreads}, ${puma.maxThreads}`];
  if (puma.workers > 0 && puma.waitForLessBusyWorkerNs !== null) {
    lines.push(`wait_for_less_busy_worker ${puma.waitForLessBusyWorkerNs / 1e9}`);
  }
  if (puma.workers > 0 && puma.preloadApp) lines.push('preload_app!');
  if (puma.forkWorkerRequests !== null) lines.push(`fork_worker ${puma.forkWorkerRequests}`);
  if (!puma.queueRequests) lines.push('queue_requests false');
  if (puma.threadPriority !== 0) {
    const hook = Number(puma.version.split('.')[0]) >= 7 ? 'before_thread_start' : 'on_thread_start';
    lines.push(`${hook} { Thread.current.priority = ${puma.threadPriority} }`);
  }
  lines.push(`# listen queue: bind "tcp://0.0.0.0:9292?backlog=${puma.backlog}"`);
  return `${lines.join('\n')}\n`;
}
