import type { Pairing } from './pairing.js';
export function statisticsPage(totals: ReadonlyMap<string, Record<string, number>>, _pairing: Pairing): string {
  return JSON.stringify([...totals], null, 1);
}
