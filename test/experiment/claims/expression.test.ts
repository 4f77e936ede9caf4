import { describe, expect, it } from 'vitest';
import { type Expression, readExpression } from '../../../src/experiment/claims/expression.js';

function read(text: string): Expression {
  const reading = readExpression(text);
  if ('fault' in reading) throw new Error(reading.fault);
  return reading;
}

function faultOf(text: string): string {
  const reading = readExpression(text);
  return 'fault' in reading ? reading.fault : '';
}

describe('a figure of a claim', () => {
  it('names a metric, a class, a statistic and a variant', () => {
    expect(read('latency_ms{class:web} p95 @puma-2x3').quantities).toEqual([
      { metric: 'latency_ms', className: 'web', statistic: 'p95', variant: 'puma-2x3' },
    ]);
    expect(read('throughput_per_s').quantities).toEqual([
      { metric: 'throughput_per_s', className: 'all', statistic: 'mean', variant: null },
    ]);
  });

  it('mentions a quantity once, however often it is used', () => {
    const twice = read('run_ms @a / ( io_ms @a + run_ms @a )');
    expect(twice.quantities.map(({ metric }) => metric)).toEqual(['run_ms', 'io_ms']);
    expect(twice.evaluate([30, 10])).toBe(0.75);
  });

  it.each([
    ['2 + 3 * 4', 14],
    ['( 2 + 3 ) * 4', 20],
    ['12 - 4 - 3', 5],
    ['12 / 4 / 3', 1],
    ['max( 1 , 5 , 3 ) - min(2, 1)', 4],
    ['1.5e3 - 500', 1000],
  ])('%s is %d', (text, value) => {
    expect(read(text).evaluate([])).toBe(value);
  });

  it.each([
    ['', 'the figure ends too early'],
    ['1 +', 'the figure ends too early'],
    ['( 1 + 2', 'expected )'],
    ['1 2', 'expected + - * / before 2'],
    ['Latency @a', 'expected a number or a metric such as latency_ms, received Latency'],
    ['* 2', 'expected a number or a metric such as latency_ms, received *'],
  ])('"%s": %s', (text, message) => {
    expect(faultOf(text)).toBe(message);
  });
});
