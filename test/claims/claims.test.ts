import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownClaims, readClaims } from '../../src/cli/claims/claim-files.js';

const { files, untested, problems } = readClaims(ownClaims(), []);
const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, k) => `${letter}${String(k + 1).padStart(2, '0')}`);

describe('claims/', () => {
  it('holds valid scenarios, named like their files', () => {
    expect(problems).toEqual([]);
    for (const { name, experiment } of files) expect(`${experiment.name}.yml`).toBe(name);
  });

  it('has every claim of the two articles once: simulated, context, or not simulated yet', () => {
    const ids = [...files, ...untested].map(({ id }) => id).sort();
    expect(ids).toEqual([...numbered('A', 30), ...numbered('T', 45)]);
  });

  it('is what docs/claims.md shows (npm run claims)', () => {
    const page = readFileSync(new URL('../../docs/claims.md', import.meta.url), 'utf8');
    for (const { experiment } of files) {
      const { id, says, checks } = experiment.claim!;
      expect(page).toContain(`| [${id}](#${id.toLowerCase()}) | ${says} |`);
      for (const { figure, expect: range } of checks) {
        expect(page).toMatch(new RegExp(`^\\| ${escaped(figure)} \\|.*\\| ${escaped(range.text)} \\|`, 'm'));
      }
    }
    for (const { id, says } of untested) expect(page).toContain(`| ${id} | ${says} |`);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
