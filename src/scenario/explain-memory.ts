import { textbookBytes, textbookSum } from '../model/memory/metrics/textbook.js';
import { MEBIBYTE } from '../model/memory-figures.js';
import { slotsOf } from '../model/servers/registry.js';
import type { SystemSpec } from '../model/spec.js';

/** What the memory comes to by hand, e.g. `2 x (200 + 1 x 150) = 700 MiB; 188 MiB more than the limit of 512 MiB`. */
export function explainMemory({ memory, server, host }: SystemSpec): string {
  if (memory.kind !== 'textbook') return 'not simulated';
  const counts = slotsOf(server);
  const total = textbookBytes(memory, counts) / MEBIBYTE;
  return `${textbookSum(memory, counts)} = ${mib(total)} MiB${againstLimit(total, host.memoryBytes / MEBIBYTE)}`;
}

/** Empty without a limit. */
export function againstLimit(total: number, limit: number): string {
  if (limit === Number.POSITIVE_INFINITY) return '';
  const left = limit - total;
  return left < 0
    ? `; ${mib(-left)} MiB more than the limit of ${mib(limit)} MiB`
    : `; fits into ${mib(limit)} MiB, ${mib(left)} MiB are left`;
}

export function mib(value: number): string {
  return String(Number(value.toFixed(1)));
}
