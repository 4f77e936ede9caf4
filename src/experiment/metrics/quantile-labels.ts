/** Probabilities of the quantiles in every summary, and their labels. Definition: Hyndman and Fan 1996, type 7. */
export const QUANTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const;
export const QUANTILE_LABELS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const;
