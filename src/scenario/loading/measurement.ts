import type { ObservedRequests } from '../../experiment/replay/observed-requests.js';
import type { Problem } from '../../schema/index.js';
import { readMeasured } from '../csv/measured.js';
import { readTable, TableError } from '../csv/table.js';
import type { ScenarioSource } from './contract.js';

export interface Measurement {
  /** Null when there are problems. */
  readonly measured: ObservedRequests | null;
  readonly problems: readonly Problem[];
}

/** Reads a CSV file of measured requests. Never throws for what is in it. @param ids those of the trace that was sent */
export function loadMeasurement({ file, text }: ScenarioSource, ids: readonly string[]): Measurement {
  try {
    return { measured: readMeasured(readTable(file, text), new Set(ids)), problems: [] };
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const problems = [error, ...error.others].map(
      ({ place, message }): Problem => ({
        ...place,
        path: '',
        code: 'SCN_CSV',
        message,
        expected: '',
        received: '',
        hint: hintFor(message),
      }),
    );
    return { measured: null, problems };
  }
}

function hintFor(message: string): string {
  if (message.endsWith('in the trace'))
    return 'ids are those of the trace (column id, or the number of the row from 1)';
  return message.includes('column') ? 'id and latency_ms, or id, send_ms and done_ms' : '';
}
