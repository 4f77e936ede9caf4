import type { Departures, RequestId } from '../../model/observations.js';
import type { SystemSpec } from '../../model/spec.js';

/** Name of a request in results: the `id` of its trace, or the number of its arrival from 1. */
export function requestName(system: SystemSpec, table: Departures, request: RequestId): string {
  const row = table.row[request]!;
  const { recorded } = system.app;
  return row >= 0 && recorded !== null ? recorded.ids[row]! : String(table.ordinal[request]! + 1);
}
