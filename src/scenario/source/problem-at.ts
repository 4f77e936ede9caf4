import type { Code, Problem } from '../../schema/index.js';
import type { TreePlace } from './tree.js';

/** A problem of which the message says all. */
export function problemAt(place: TreePlace, code: Code, message: string, hint = ''): Problem {
  return { ...place, code, message, expected: '', received: '', hint };
}
