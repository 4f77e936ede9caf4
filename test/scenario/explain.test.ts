import { describe, expect, it } from 'vitest';
import { explainScenario } from '../../src/scenario/index.js';
import { readObjective } from '../../src/scenario/notation/objective.js';
import { scenario } from './bad-inputs.js';
import { load } from './load-text.js';

describe('a scenario in words', () => {
  it('says what runs, what is asked of it, what it can do and what saturates first', () => {
    const app = 'app: {classes: [{name: web, cpu: 20ms, io: {calls: 2, each: 15ms}, allocations: 5000}]}';
    const { experiment } = load(scenario({ app, load: 'load: {open: {rate: 60/s}}' }));
    expect(explainScenario(experiment!)).toBe(`case
10 runs of 1min each, seed 1; cut from the start: what the results call for, at least a tenth

case
  server    puma: 2 processes x 3 threads = 6 slots, 2 GVLs, 2 cores
  runtime   Ruby 3.3: threads queue for the GVL in strict order, 100ms a turn; garbage collection driven by allocations
  request   on average 20 ms Ruby code, 30 ms I/O (I/O 60 %); 5000 objects allocated
  load      open: 60/s; busy: each GVL 60 %, each core 60 %, each slot at least 50 %
  capacity  100/s = the least of slots 120/s, GVLs 100/s, cores 100/s
  verdict   stable, at 60 % of capacity; the GVLs and the cores saturate first

Hand formulas know nothing of queues at the GVL, garbage collection and server overheads: run the scenario for those.
`);
  });

  it.each([
    ['load: {open: {rate: 250/s}}', 'UNSTABLE: offered load is 1.25 of capacity'],
    ['load: {closed: {users: 3, think: 50ms}}', 'closed: 3 users, mean think time 50 ms; at most 50/s of them'],
    ['load: {open: {rate: [{from: 0s, rate: 50/s}, {from: 30s, rate: 300/s}]}}', '175/s on average, up to 300/s'],
    ['load: {open: {rate: [{from: 0s, rate: 50/s}, {from: 30s, rate: 300/s}]}}', 'the peak is 1.5 of capacity'],
  ])('%s: %s', (text, says) => {
    expect(explainScenario(load(scenario({ load: text })).experiment!)).toContain(says);
  });
});

describe('objectives', () => {
  it.each([
    ['latency_ms p99 < 1s', { metric: 'latency_ms', className: 'all', statistic: 'p99', comparison: '<', limit: 1000 }],
    [
      'latency_ms{class:web} p(99.9) <= 300ms',
      { metric: 'latency_ms', className: 'web', statistic: 'p999', comparison: '<=', limit: 300 },
    ],
    [
      'error_ratio < 0.001',
      { metric: 'error_ratio', className: 'all', statistic: 'mean', comparison: '<', limit: 0.001 },
    ],
    [
      'throughput_per_s > 120/s',
      { metric: 'throughput_per_s', className: 'all', statistic: 'mean', comparison: '>', limit: 120 },
    ],
  ])('%s', (text, expected) => {
    expect(readObjective(text)).toEqual({ text, ...expected });
  });

  it.each([
    ['', 'expected metric statistic < limit'],
    ['latency_ms < 1s', 'needs a statistic'],
    ['latency_ms p98 < 1s', 'unknown statistic p98; there are mean, max, p50'],
    ['latency_ms p99 < 1', 'expected a duration such as 300ms'],
    ['latensy_ms p99 < 1s', 'did you mean latency_ms?'],
    ['error_ratio p99 < 1', 'unknown statistic p99'],
    ['error_ratio < few', 'expected a number'],
  ])('not %j', (text, says) => {
    expect(readObjective(text)).toMatchObject({ fault: expect.stringContaining(says) });
  });
});
