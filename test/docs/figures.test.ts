import { describe, expect, it } from 'vitest';
import { readPage } from '../../scripts/documented-commands.js';
import { withErrors } from '../../scripts/fidelity/readme-errors.js';

describe('figures of generated pages that README.md repeats', () => {
  it('are those of docs/validation/fidelity.md (npm run validate -- fidelity)', () => {
    const readme = readPage('README.md');
    expect(withErrors(readme, readPage('docs/validation/fidelity.md'))).toBe(readme);
  });
});
