import type { Objective } from '../../experiment/objective.js';
import { nearest, readDuration } from '../../schema/index.js';

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
/** E.g. `latency_ms{class:web} p99`: metric, class, statistic. */
const STATISTIC = /^([a-z_]+)\s*(?:\{\s*class\s*:\s*([^}\s]+)\s*\})?\s*([a-z]+\d*|p\(\s*[\d.]+\s*\))?$/;
const COMPARED = /^(.*?)\s*(<=|>=|<|>)\s*(\S+)$/;

/** What an objective or a precision is about. */
export type Statistic = Pick<Objective, 'metric' | 'className' | 'statistic'>;

/** An objective as written, or what is wrong with it. */
export function readObjective(text: string): Objective | { readonly fault: string } {
  const match = COMPARED.exec(text.trim());
  const reading = match === null ? null : statisticOf(match[1]!);
  if (match === null || reading === null)
    return { fault: 'expected metric statistic < limit, e.g. latency_ms p99 < 300ms' };
  if ('fault' in reading) return reading;
  const isTime = TIMES.includes(reading.metric);
  const writtenLimit = match[3]!;
  const limit = isTime ? limitMs(writtenLimit) : Number(writtenLimit.replace(/\/s$/, ''));
  if (!Number.isFinite(limit)) {
    return {
      fault: isTime
        ? `expected a duration such as 300ms, received "${writtenLimit}"`
        : `expected a number, received "${writtenLimit}"`,
    };
  }
  return { text: text.trim(), ...reading, comparison: match[2] as Objective['comparison'], limit };
}

/** Metric, class and statistic as written, or what is wrong with them. */
export function readStatistic(text: string): Statistic | { readonly fault: string } {
  return statisticOf(text.trim()) ?? { fault: 'expected a metric and a statistic, e.g. latency_ms p95' };
}

function statisticOf(text: string): Statistic | { readonly fault: string } | null {
  const match = STATISTIC.exec(text);
  if (match === null) return null;
  const [, metric = '', className = 'all', written] = match;
  const isTime = TIMES.includes(metric);
  if (!isTime && !LEVELS.includes(metric)) return { fault: unknown('metric', metric, [...TIMES, ...LEVELS]) };
  const statistic = plainStatistic(written) ?? (isTime ? null : 'mean');
  if (statistic === null) return { fault: `${metric} needs a statistic: ${STATISTICS.join(', ')}` };
  const known = isTime ? STATISTICS : ['mean'];
  if (!known.includes(statistic)) return { fault: `unknown statistic ${statistic}; there are ${known.join(', ')}` };
  return { metric, className, statistic };
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
