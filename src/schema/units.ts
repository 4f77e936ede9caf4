/** Values back to the text of a scenario file; reading the text gives the same value. */

const TIME_UNITS = [
  ['h', 3_600_000_000_000],
  ['min', 60_000_000_000],
  ['s', 1_000_000_000],
  ['ms', 1_000_000],
  ['us', 1_000],
  ['ns', 1],
] as const;

/** Shortest exact text of a duration: `250ms`, `1.5s`, `10min`. @param ns whole nanoseconds >= 0 */
export function formatDuration(ns: number): string {
  if (ns === 0) return '0s';
  for (const [unit, size] of TIME_UNITS) {
    if (ns % size === 0) return `${ns / size}${unit}`;
    // at most three decimals: 1.5s, 44.9us; not 0.0031h
    if (size <= 1e9 && ns >= size && (ns * 1000) % size === 0) return `${ns / size}${unit}`;
  }
  return `${ns}ns`;
}

const SIZE_UNITS = [
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['GB', 1e9],
  ['MB', 1e6],
  ['KiB', 2 ** 10],
  ['kB', 1e3],
] as const;

/** Shortest exact text of a size: `512MiB`, `512MB`, `100B`. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of SIZE_UNITS) if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  return `${bytes}B`;
}
