import { BETTER, METRIC_NAMES } from '../../experiment/metrics/metrics.js';
import type { Goal } from '../../experiment/search/goal.js';
import { nearest } from '../../schema/index.js';

const STATISTICS = ['mean', 'max', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999'];
const FORM = /^([a-z_]+)\s*(?:\{\s*class\s*:\s*([^}\s]+)\s*\})?\s*([a-z]+\d*)?$/;

/** What a search is to make small (or large), e.g. `latency_ms p95`, `throughput_per_s`, `pss_mib max`. */
export function readGoal(text: string): Goal | { readonly fault: string } {
  const match = FORM.exec(text.trim());
  if (match === null) return { fault: 'expected a metric and a statistic, e.g. latency_ms p95' };
  const [, metric = '', className = 'all', statistic = 'mean'] = match;
  if (!METRIC_NAMES.includes(metric)) {
    const near = nearest(metric, METRIC_NAMES);
    return {
      fault: `unknown metric ${metric}; ${near === null ? `there are ${METRIC_NAMES.join(', ')}` : `did you mean ${near}?`}`,
    };
  }
  if (!STATISTICS.includes(statistic)) {
    return { fault: `unknown statistic ${statistic}; there are ${STATISTICS.join(', ')}` };
  }
  return { metric, className, statistic, isMore: BETTER.get(metric) === 'higher' };
}
