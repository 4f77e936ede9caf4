/** The columns of every table, described once: CSV headers, the data dictionary and the reference page come from here. */

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Empty for names, numbers without dimension and for columns whose unit is named by another column. */
  readonly unit: string;
  readonly title: string;
  readonly description: string;
}

/** A kind of result file. */
export interface Table {
  /** Name without ending, e.g. `summary`. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** Columns that identify a row; empty if nothing does. */
  readonly primaryKey: readonly string[];
}

export function column(name: string, type: ColumnType, unit: string, title: string, description: string): Column {
  return { name, type, unit, title, description };
}

export const SCENARIO = column('scenario', 'string', '', 'Scenario', 'Name of the scenario.');
export const VARIANT = column(
  'variant',
  'string',
  '',
  'Variant',
  'Name of the configuration; the name of the scenario if it has no variants.',
);
export const REPLICATION = column('replication', 'integer', '', 'Replication', 'Number of the replication, from 1.');
export const CLASS = column('class', 'string', '', 'Request class', 'Name of the request class, or `all`.');
export const METRIC = column(
  'metric',
  'string',
  '',
  'Metric',
  'What was measured; the last part of the name is the unit of the numbers in the row.',
);
export const STATISTIC = column(
  'statistic',
  'string',
  '',
  'Statistic',
  '`mean`, `min`, `max`, or a quantile: `p50` `p75` `p90` `p95` `p99` `p999` (Hyndman and Fan type 7).',
);
export const CI_LEVEL = column(
  'ci_level',
  'number',
  'ratio',
  'Confidence level',
  'Confidence level of the interval; empty without an interval.',
);
export const METHOD = column('method', 'string', '', 'Method', 'How the interval was made, or why there is none.');

/**
 * Both ends of an interval.
 *
 * @param of what it is an interval of, e.g. `the difference`
 */
export function interval(
  of: string,
  { prefix = '', title = 'Interval', unit = '' }: { prefix?: string; title?: string; unit?: string } = {},
): readonly [Column, Column] {
  const end = (name: string, word: string, which: string): Column =>
    column(
      `${prefix}${name}`,
      'number',
      unit,
      `${title} ${word}`,
      `${which} end of the interval of ${of}; empty if there is none.`,
    );
  return [end('ci_low', 'from', 'Lower'), end('ci_high', 'to', 'Upper')];
}
