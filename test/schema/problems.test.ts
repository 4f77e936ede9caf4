import { describe, expect, it } from 'vitest';
import {
  editDistance,
  formatProblems,
  nearest,
  type Problem,
  sortProblems,
  withoutRepeats,
} from '../../src/schema/index.js';

const problem: Problem = {
  file: 'a.yml',
  line: 6,
  column: 10,
  length: 3,
  excerpt: 'threads: "5"',
  path: 'server.threads',
  code: 'SCN_TYPE',
  message: 'expected a whole number, received the text "5"',
  expected: 'a whole number',
  received: 'the text "5"',
  hint: '',
};

describe('problems on paper', () => {
  it('are sorted by file and place', () => {
    const places = [
      problem,
      { ...problem, file: 'b.yml', line: 1 },
      { ...problem, line: 5, column: 30 },
      { ...problem, line: 5, column: 4 },
    ];
    expect(sortProblems(places).map((p) => `${p.file}:${p.line}:${p.column}`)).toEqual([
      'a.yml:5:4',
      'a.yml:5:30',
      'a.yml:6:10',
      'b.yml:1:10',
    ]);
  });

  it('are said once', () => {
    expect(withoutRepeats([problem, { ...problem, path: 'elsewhere' }, { ...problem, column: 11 }])).toHaveLength(2);
  });

  it('show a piece of a long line, with carets in the right place', () => {
    const excerpt = `${'x'.repeat(500)}BAD${'y'.repeat(500)}`;
    const [, , text, carets] = formatProblems([{ ...problem, excerpt, column: 501 }]).split('\n');
    const from = carets!.indexOf('^');
    expect(text!.slice(from, from + 3)).toBe('BAD');
    expect(text!.length).toBeLessThan(120);
  });

  it('stay inside a short line', () => {
    const [, , , carets] = formatProblems([{ ...problem, length: 50 }]).split('\n');
    expect(carets!.trim()).toBe('^^^');
  });

  it('have colours only when asked for', () => {
    expect(formatProblems([problem])).not.toContain('\u001b');
    expect(formatProblems([problem], { colour: true })).toContain('\u001b[31mSCN_TYPE\u001b[0m');
  });

  it('of no problem there is nothing to show', () => {
    expect(formatProblems([])).toBe('');
  });
});

describe('slips of the hand', () => {
  it.each([
    ['workers', 'workers', 0],
    ['wokrers', 'workers', 1],
    ['worker', 'workers', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  it.each([
    ['preload-app', ['preload_app', 'timeout'], 'preload_app'],
    ['of', ['on', 'off'], 'off'],
    ['qqq', ['puma', 'unicorn'], null],
  ])('%s', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});
