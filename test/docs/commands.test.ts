import { describe, expect, it } from 'vitest';
import {
  blocksOf,
  commandsOf,
  createPlayground,
  documentationPages,
  readPage,
} from '../../scripts/documented-commands.js';

describe('commands shown in the documentation', () => {
  for (const page of documentationPages()) {
    const documented = commandsOf(blocksOf(readPage(page)));
    if (documented.length === 0) continue;
    it(`${page}: every one runs and prints what is shown`, () => {
      const playground = createPlayground();
      try {
        for (const commands of documented) {
          const printed = playground.run(commands);
          if (commands.output === null) continue;
          const place = `${page}:${commands.output.line}; npm run reference writes it anew`;
          expect(`${printed.trimEnd()}\n`, place).toBe(commands.output.text);
        }
      } finally {
        playground.remove();
      }
    }, 180_000);
  }
});
