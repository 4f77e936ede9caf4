/**
 * How many threads of each arena run at the same time: all, where there are cores enough; else the cores are divided evenly
 * among the arenas, and what one cannot use goes to the others.
 *
 * @param users threads that can run, by arena; one at least in each
 * @returns by arena, 1 or more: somebody of each runs now and then
 */
export function coresByArena(
  users: ReadonlyMap<string, { readonly length: number }>,
  cores: number,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const arenas = [...users].sort(([, a], [, b]) => a.length - b.length);
  let left = cores;
  for (const [k, [arena, { length }]] of arenas.entries()) {
    const share = Math.min(length, left / (arenas.length - k));
    left -= share;
    shares.set(arena, Math.max(1, share));
  }
  return shares;
}
