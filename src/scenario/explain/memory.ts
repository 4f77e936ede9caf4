import { arenaLimit } from '../../model/memory/malloc/glibc.js';
import { textbookBytes, textbookSum } from '../../model/memory/metrics/textbook.js';
import { MEBIBYTE } from '../../model/memory-figures.js';
import type { SimulatedMemorySpec } from '../../model/memory-spec.js';
import { slotsOf } from '../../model/servers/registry.js';
import type { SystemSpec } from '../../model/spec.js';

/** What the memory comes to by hand, e.g. `2 x (200 + 1 x 150) = 700 MiB; 188 MiB more than the limit of 512 MiB`. */
export function explainMemory({ memory, server, host }: SystemSpec): string {
  if (memory.kind === 'off') return 'not simulated';
  if (memory.kind === 'simulated') return explainSimulated(memory, slotsOf(server), host.memoryBytes);
  const counts = slotsOf(server);
  const total = textbookBytes(memory, counts) / MEBIBYTE;
  return `${textbookSum(memory, counts)} = ${mib(total)} MiB${againstLimit(total, host.memoryBytes / MEBIBYTE)}`;
}

/** Bounds by hand: all static memory shared, or none of it. What requests malloc comes on top, as their garbage waits. */
function explainSimulated(
  { staticBytes, processingBytes, allocator }: SimulatedMemorySpec,
  { processes, threads }: { readonly processes: number; readonly threads: number },
  limitBytes: number,
): string {
  const [S, M] = [staticBytes / MEBIBYTE, processingBytes / MEBIBYTE];
  const perfect = S + processes * threads * M;
  const none = processes * (S + threads * M);
  const least = `${mib(S)} + ${processes} x ${threads} x ${mib(M)} = ${mib(perfect)} MiB`;
  const most = `${processes} x (${mib(S)} + ${threads} x ${mib(M)}) = ${mib(none)} MiB`;
  const arenas =
    allocator.kind === 'glibc'
      ? `glibc with at most ${Math.min(threads + 1, arenaLimit(allocator.arenaMax, allocator.cpus))} arenas a process`
      : 'jemalloc';
  const limit = limitBytes === Number.POSITIVE_INFINITY ? '' : `; limit ${mib(limitBytes / MEBIBYTE)} MiB`;
  const sum = processes === 1 ? most : `between ${least}, if all static memory stays shared, and ${most}, if none does`;
  return `${sum}; garbage of malloc'ed memory on top, ${arenas}${limit}`;
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
