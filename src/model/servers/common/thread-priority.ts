import { count, type Schema } from '../../../schema/index.js';

/** Thread#priority as CRuby keeps it; it scales the time slice at the GVL by 2^priority and does nothing else. */
export function priorityField(doc: string): Schema<number> {
  return count({
    doc: `${doc} It scales the time slice: -1 = 50ms, -2 = 25ms (acts as 30ms with ticks), 1 = 200ms; no effect below 0 up to Ruby 3.2.`,
    min: -3,
    max: 3,
  });
}
