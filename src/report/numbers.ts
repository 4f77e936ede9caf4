/** Numbers as text in result files: shortest form that reads back as the same number, never in scientific notation. */

/** Decimals kept of a time in milliseconds: 1 ns. */
const MS_DECIMALS = 6;
/** Decimals kept of rates, ratios and counts; hides differences in the last bit between JavaScript engines. */
const OTHER_DECIMALS = 9;

/** A cell for a time in ms, rounded to 1 ns. Empty if it is not a finite number. */
export function msCell(ms: number | null): string {
  return decimalCell(ms, MS_DECIMALS);
}

/** A cell for a time in s, rounded to 1 ns. */
export function secondsCell(ns: number): string {
  return decimalCell(ns / 1e9, 9);
}

/** A cell for a time held in whole nanoseconds, in ms: exact. */
export function nsAsMsCell(ns: number): string {
  return decimalCell(ns / 1e6, MS_DECIMALS);
}

/** A cell for a rate, a ratio or a count. */
export function plainCell(value: number | null): string {
  return decimalCell(value, OTHER_DECIMALS);
}

/** `value` rounded to so many decimals; null if it is not a finite number. For JSON, which has no NaN. */
export function rounded(value: number | null, decimals: number): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  const scale = 10 ** decimals;
  const scaled = value * scale;
  if (Math.abs(scaled) >= Number.MAX_SAFE_INTEGER) return value;
  return Math.round(scaled) / scale + 0; // + 0 turns -0 into 0
}

function decimalCell(value: number | null, decimals: number): string {
  const number = rounded(value, decimals);
  if (number === null) return '';
  const text = String(number);
  if (!text.includes('e')) return text;
  return withoutExponent(number, decimals);
}

function withoutExponent(value: number, decimals: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  return value.toFixed(decimals).replace(/\.?0+$/, '');
}

/** Decimals of the values of a metric, by the unit at the end of its name. */
export function decimalsOf(metric: string): number {
  return metric.endsWith('_ms') ? MS_DECIMALS : OTHER_DECIMALS;
}

/** A cell for a value of a metric. */
export function metricCell(metric: string, value: number | null): string {
  return decimalCell(value, decimalsOf(metric));
}
