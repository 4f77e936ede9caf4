import type { PumaParams } from '../model/servers/puma/params.js';
import type { UnicornParams } from '../model/servers/unicorn/params.js';
import type { ServerSpec } from '../model/spec.js';

/** A configuration file of a server. */
export interface ServerFile {
  /** `puma.rb` or `unicorn.rb`. */
  readonly name: string;
  readonly text: string;
}

/** The settings of a server as its own configuration file; null for servers that have none of this kind. */
export function serverFile({ type, params }: ServerSpec): ServerFile | null {
  if (type === 'puma') return { name: 'puma.rb', text: pumaText(params as PumaParams) };
  if (type === 'unicorn') return { name: 'unicorn.rb', text: unicornText(params as UnicornParams) };
  return null;
}

/** @see puma/puma v7.2.1 lib/puma/dsl.rb */
function pumaText(puma: PumaParams): string {
  const lines = [`# Puma ${puma.version}`, `workers ${puma.workers}`, `threads ${puma.minThreads}, ${puma.maxThreads}`];
  if (puma.workers > 0 && puma.waitForLessBusyWorkerNs !== null) {
    lines.push(`wait_for_less_busy_worker ${puma.waitForLessBusyWorkerNs / 1e9}`);
  }
  if (puma.workers > 0 && puma.preloadApp) lines.push('preload_app!');
  if (!puma.queueRequests) lines.push('queue_requests false');
  lines.push(`# listen queue: bind "tcp://0.0.0.0:9292?backlog=${puma.backlog}"`);
  return `${lines.join('\n')}\n`;
}

/** @see unicorn lib/unicorn/configurator.rb */
function unicornText(unicorn: UnicornParams): string {
  const lines = [
    `# Unicorn ${unicorn.version}`,
    `worker_processes ${unicorn.workerProcesses}`,
    `timeout ${Math.round(unicorn.timeoutNs / 1e9)}`,
    ...(unicorn.preloadApp ? ['preload_app true'] : []),
    `listen 8080, backlog: ${unicorn.backlog}`,
  ];
  return `${lines.join('\n')}\n`;
}
