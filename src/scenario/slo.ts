import { nearest, readDuration } from '../schema/index.js';

/** An objective such as `latency_ms{class:web} p99 < 300ms`. */
export interface Objective {
  readonly metric: string;
  /** `all`, or the name of a class. */
  readonly class: string;
  /** `mean`, `max`, `p99` ... */
  readonly statistic: string;
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** In the unit of the metric (`_ms`: milliseconds). */
  readonly limit: number;
}

const TIMES = [
  'latency_ms',
  'backlog_ms',
  'queue_ms',
  'service_ms',
  'run_ms',
  'io_ms',
  'gvl_wait_ms',
  'gc_ms',
  'cpu_wait_ms',
  'pool_wait_ms',
];
const LEVELS = ['throughput_per_s', 'error_ratio', 'gvl_utilisation_ratio', 'core_utilisation_ratio'];
const STATISTICS = ['mean', 'max', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];
const FORM =
  /^([a-z_]+)\s*(?:\{\s*class\s*:\s*([^}\s]+)\s*\})?\s*(?:([a-z]+\d*|p\(\s*[\d.]+\s*\)))?\s*(<=|>=|<|>)\s*(\S+)$/;

/** An objective as written, or what is wrong with it. */
export function readObjective(text: string): Objective | { readonly fault: string } {
  const match = FORM.exec(text.trim());
  if (match === null) return { fault: 'expected metric statistic < limit, e.g. latency_ms p99 < 300ms' };
  const [, metric = '', className = 'all', writtenStatistic, comparison, writtenLimit = ''] = match;
  const isTime = TIMES.includes(metric);
  if (!isTime && !LEVELS.includes(metric)) return { fault: unknown('metric', metric, [...TIMES, ...LEVELS]) };
  const statistic = plainStatistic(writtenStatistic) ?? (isTime ? null : 'mean');
  if (statistic === null) return { fault: `${metric} needs a statistic: ${STATISTICS.join(', ')}` };
  const known = isTime ? STATISTICS : ['mean'];
  if (!known.includes(statistic)) return { fault: `unknown statistic ${statistic}; there are ${known.join(', ')}` };
  const limit = isTime ? limitMs(writtenLimit) : Number(writtenLimit.replace(/\/s$/, ''));
  if (!Number.isFinite(limit)) {
    return {
      fault: isTime
        ? `expected a duration such as 300ms, received "${writtenLimit}"`
        : `expected a number, received "${writtenLimit}"`,
    };
  }
  return { metric, class: className, statistic, comparison: comparison as Objective['comparison'], limit };
}

/** k6 writes `p(99.9)`, our columns `p999`. */
function plainStatistic(text: string | undefined): string | null {
  if (text === undefined) return null;
  const percent = /^p\(\s*([\d.]+)\s*\)$/.exec(text)?.[1];
  return percent === undefined ? text : `p${percent.replace('.', '')}`;
}

function limitMs(text: string): number {
  const reading = readDuration(text);
  return 'value' in reading ? reading.value / 1e6 : Number.NaN;
}

function unknown(what: string, word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === null
    ? `unknown ${what} ${word}; there are ${known.join(', ')}`
    : `unknown ${what} ${word}; did you mean ${near}?`;
}
