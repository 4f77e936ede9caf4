/** Numbers for people: about four digits, no exponents. */

/** A share as a percentage with its sign. */
export function percent(ratio: number | null): string {
  return ratio === null ? '' : `${(100 * ratio).toFixed(1)} %`;
}

export function digits(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** With as many decimals as `like` shows, for the half width beside a value. */
export function digitsLike(value: number, like: number): string {
  const size = Math.abs(like);
  return value.toFixed(size >= 100 ? (value < 1 ? 1 : 0) : size >= 10 ? 1 : 2);
}

/** A whole number with thin groups: 179 917. */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ');
}
