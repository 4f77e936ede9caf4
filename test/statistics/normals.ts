import { createStreams } from '../../src/random/streams.js';
import { normalQuantile } from '../../src/statistics/student.js';

/** Independent standard normal variates. */
export function normals(seed: number): () => number {
  const stream = createStreams(seed, 0).open('test/normals');
  return () => normalQuantile(stream.uniform());
}
