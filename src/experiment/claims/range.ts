/** What a claim expects of a figure: `> 1.05`, `<= 0`, or `0.2 .. 0.3` (both ends included). */
export interface Range {
  readonly text: string;
  readonly low: number;
  readonly high: number;
  /** Whether the ends belong to it. */
  readonly hasLow: boolean;
  readonly hasHigh: boolean;
}

const BOUND = /^(>=|<=|>|<)\s*(-?[\d.]+(?:e-?\d+)?)$/;
const BETWEEN = /^(-?[\d.]+(?:e-?\d+)?)\s*\.\.\s*(-?[\d.]+(?:e-?\d+)?)$/;

/** What the text means; null if it is no range. */
export function readRange(text: string): Range | null {
  const bound = BOUND.exec(text.trim());
  if (bound !== null) {
    const value = Number(bound[2]);
    if (!Number.isFinite(value)) return null;
    const isLower = bound[1]!.startsWith('>');
    const hasEnd = bound[1]!.endsWith('=');
    return isLower
      ? { text, low: value, high: Infinity, hasLow: hasEnd, hasHigh: false }
      : { text, low: -Infinity, high: value, hasLow: false, hasHigh: hasEnd };
  }
  const between = BETWEEN.exec(text.trim());
  if (between === null) return null;
  const [low, high] = [Number(between[1]), Number(between[2])];
  return low <= high ? { text, low, high, hasLow: true, hasHigh: true } : null;
}

/** Whether an interval lies inside the range, outside of it, or across its end. */
export function relationTo(range: Range, low: number, high: number): 'inside' | 'outside' | 'across' {
  const above = (value: number): boolean => (range.hasLow ? value >= range.low : value > range.low);
  const below = (value: number): boolean => (range.hasHigh ? value <= range.high : value < range.high);
  if (above(low) && below(high)) return 'inside';
  return !above(high) || !below(low) ? 'outside' : 'across';
}
