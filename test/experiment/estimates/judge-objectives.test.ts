import { describe, expect, it } from 'vitest';
import { judgeObjectives } from '../../../src/experiment/estimates/judge-objectives.js';
import { summarise } from '../../../src/experiment/estimates/summarise.js';
import { readObjective } from '../../../src/scenario/notation/objective.js';
import { resultOf } from '../summaries.js';

/** Means 10, 12 and 14: 12 +- 4.97 by Student's t with 2 degrees of freedom (4.303 x 2 / sqrt 3). */
function verdictOf(text: string): string {
  const objective = readObjective(text);
  if ('fault' in objective) throw new Error(objective.fault);
  const result = resultOf({ a: [10, 12, 14] });
  const judged = judgeObjectives({ ...result, spec: { ...result.spec, slo: [objective] } }, summarise(result));
  return judged[0]!.verdict;
}

describe('an objective', () => {
  it.each([
    ['latency_ms mean < 17ms', 'pass'],
    ['latency_ms mean < 16ms', 'undecided'],
    ['latency_ms mean < 8ms', 'undecided'],
    ['latency_ms mean < 7ms', 'fail'],
    ['latency_ms mean > 7ms', 'pass'],
    ['latency_ms mean >= 17ms', 'fail'],
    ['throughput_per_s > 5', 'pass'],
    // 15 was seen; that nothing above it ever comes cannot be seen
    ['latency_ms max < 14ms', 'fail'],
    ['latency_ms max < 16ms', 'undecided'],
    ['latency_ms{class:web} mean < 17ms', 'undecided'],
  ])('%s: %s', (text, verdict) => {
    expect(verdictOf(text)).toBe(verdict);
  });
});
