/** Every `step`-th of some values: value k is `values[first + k * step]`, for k < `count`. */
export interface Column {
  readonly values: Float64Array;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** values[from] to values[to - 1]. */
export function columnOf(values: Float64Array, from = 0, to: number = values.length): Column {
  return { values, first: from, step: 1, count: to - from };
}
