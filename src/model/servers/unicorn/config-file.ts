import type { UnicornParams } from './params.js';

/**
 * The settings as `unicorn.rb`.
 * @see unicorn lib/unicorn/configurator.rb
 */
export function unicornFile(unicorn: UnicornParams): string {
  const lines = [
    `# Unicorn ${unicorn.version}`,
    `worker_processes ${unicorn.workerProcesses}`,
    `timeout ${Math.round(unicorn.timeoutNs / 1e9)}`,
    ...(unicorn.preloadApp ? ['preload_app true'] : []),
    `listen 8080, backlog: ${unicorn.backlog}`,
  ];
  return `${lines.join('\n')}\n`;
}
