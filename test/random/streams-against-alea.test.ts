import alea from 'seedrandom/lib/alea.js';
import { expect, it } from 'vitest';
import { createStreams } from '../../src/random/streams.js';

it('draws the very sequence of alea(seed).double(), over several batches', () => {
  const stream = createStreams(7, 3).open('app/demand/page');
  const reference = alea('7/3/app/demand/page');
  for (let k = 0; k < 2000; k++) expect(stream.uniform()).toBe(reference.double());
});
