/** Field by field the sum of two records of figures. */
export function addFields<T extends Readonly<Record<keyof T, number>>>(a: T, b: T): T {
  const sum: Record<keyof T, number> = { ...a };
  for (const name in b) sum[name] += b[name];
  return sum as T;
}
