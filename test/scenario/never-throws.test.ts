import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblems, type Loaded, loadScenario, starterScenario } from '../../src/scenario/index.js';
import { CODES } from '../../src/schema/index.js';

const folder = new URL('./contract/', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const TEXTS = [
  ...readdirSync(folder)
    .filter((f) => f.endsWith('.yml'))
    .map(readText),
  starterScenario(),
];
const CSV = readText('replay.csv');

/** Pieces that change what a file means. */
const PIECES = fc.oneof(
  fc.constantFrom(
    ...'{}[]:,&*!|>%@#\'"-? \n\t0',
    '<<: ',
    '*a',
    '&a ',
    '~',
    'null',
    '.nan',
    '-1',
    '1e999',
    '0x10',
    '---\n',
    '__proto__: 1\n',
    'constructor',
    '\uFEFF',
    '\u0000',
    '\r',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 12 }), PIECES);

function mutate(text: string, edits: readonly (readonly [number, number, string])[]): string {
  return edits.reduce((now, [where, cut, piece]) => {
    const at = Math.floor(where * now.length);
    return now.slice(0, at) + piece + now.slice(at + cut);
  }, text);
}

/** Either an experiment or problems, never neither; every problem can be shown. */
function expectSound({ experiment, problems, warnings }: Loaded): void {
  expect(experiment === null).toBe(problems.length > 0);
  for (const { line, column, length, code, message } of [...problems, ...warnings]) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(CODES).toHaveProperty(code);
    expect(message).not.toBe('');
  }
  expect(() => formatProblems([...problems, ...warnings])).not.toThrow();
}

describe('whatever is written, loading does not throw', () => {
  it('mutated scenarios', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        expectSound(loadScenario({ file: 'fuzz.yml', text: mutate(text, edits) }, { readText }));
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('any value under any key', () => {
    const keys = fc.constantFrom(
      'host',
      'ruby',
      'python',
      'server',
      'app',
      'load',
      'run',
      'variants',
      'slo',
      'baseline',
      'extends',
      'name',
      'overheads',
    );
    fc.assert(
      fc.property(fc.constantFrom(...TEXTS), keys, fc.jsonValue({ maxDepth: 4 }), (text, key, value) => {
        const argument = `${key}=${JSON.stringify(value)}`;
        expectSound(loadScenario({ file: 'fuzz.yml', text }, { readText, set: [argument] }));
      }),
      { numRuns: 400 },
    );
  }, 60_000);

  it('any --set argument', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z."[\]0]{1,12}=[\w{}:, [\]]{0,12}$/)), (argument) => {
        expectSound(loadScenario({ file: 'fuzz.yml', text: TEXTS[0]! }, { readText, set: [argument] }));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('mutated traces', () => {
    const text = readText('replay.yml');
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        expectSound(loadScenario({ file: 'fuzz.yml', text }, { readText: () => mutate(CSV, edits) }));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('a reader that fails in an odd way', () => {
    const text = readText('replay.yml');
    const loaded = loadScenario(
      { file: 'fuzz.yml', text },
      {
        readText: () => {
          throw 'odd';
        },
      },
    );
    expectSound(loaded);
    expect(loaded.problems[0]!.message).toBe('cannot read replay.csv: odd');
  });
});
