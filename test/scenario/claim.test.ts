import { describe, expect, it } from 'vitest';
import { formatProblems, loadScenario, loadUntestedClaims } from '../../src/scenario/index.js';

const BASE = `version: 1
name: z
host: {cores: 1}
app: {classes: [{name: page, cpu: 20ms}]}
load: {open: {rate: 10/s}}
variants:
  a: {server: {ideal: {}}}
  b: {server: {ideal: {threads: 2}}}
`;

function load(text: string) {
  return loadScenario({ file: 'z.yml', text }, { readText: () => `${BASE}claim: {id: Z09, says: x, checks: []}\n` });
}

function withCheck(value: string, expectation = '> 1'): string {
  return `${BASE}claim:
  id: Z01
  says: Two threads are better than one.
  checks:
    - figure: latency
      value: ${value}
      expect: "${expectation}"
`;
}

describe('the claim of a scenario', () => {
  it('is part of the experiment', () => {
    const { experiment, problems } = load(withCheck('latency_ms p95 @b / latency_ms p95 @a'));
    expect(problems).toEqual([]);
    expect(experiment!.claim).toMatchObject({ id: 'Z01', says: 'Two threads are better than one.', note: '' });
    expect(experiment!.claim!.checks[0]).toMatchObject({ unit: 'ratio', expect: { low: 1, high: Infinity } });
  });

  it.each([
    ['latency_ms p95', 'latency_ms: of which variant? @a, @b'],
    ['latency_ms p95 @c', 'no variant is called c'],
    ['latencies p95 @a', 'no metric is called latencies'],
    ['latency_ms p94 @a', 'latency_ms has no statistic p94'],
    ['throughput_per_s p95 @a', 'throughput_per_s has no statistic p95; there are mean'],
    ['"latency_ms{class:web} @a"', 'latency_ms is not known of a class web'],
    ['"in_system_count{class:page} @a"', 'in_system_count is not known of a class page'],
    ['latency_ms @a /', 'the figure ends too early'],
  ])('%s: %s, with its place', (value, message) => {
    const { problems } = load(withCheck(value));
    expect(problems.map(({ line, code }) => [line, code])).toEqual([[14, 'SCN_CLAIM']]);
    expect(problems[0]!.message).toContain(message);
  });

  it('says what may be expected', () => {
    const { problems } = load(withCheck('latency_ms @a', 'about 3'));
    expect(formatProblems(problems)).toContain('expected a range such as "> 1.05", "<= 20" or "0.2 .. 0.3"');
  });

  it('is not inherited', () => {
    const { experiment } = load('version: 1\nextends: base.yml\n');
    expect(experiment).not.toBeNull();
    expect(experiment!.claim).toBeUndefined();
  });
});

describe('the list of claims that are not simulated', () => {
  const read = (text: string) => loadUntestedClaims({ file: 'list.yml', text });

  it('gives each its reason', () => {
    const { claims, problems } = read(
      'claims:\n  - {id: T01, says: x, context: a survey}\n  - {id: T02, says: y, later: fork}\n',
    );
    expect(problems).toEqual([]);
    expect(claims.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['context', 'a survey'],
      ['not_simulated_yet', 'fork'],
    ]);
  });

  it.each([
    ['claims:\n  - {id: T01, says: x}\n', 'expected context or later'],
    ['claims:\n  - {id: T01, says: x, context: a, later: b}\n', 'expected context or later'],
    ['claims:\n  - {id: 1, says: x, context: a}\n', 'a letter and two digits'],
    ['claims: 3\n', 'a list'],
  ])('%j is refused', (text, message) => {
    expect(formatProblems(read(text).problems)).toContain(message);
  });
});
