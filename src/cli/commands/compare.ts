import type { SimulationArgs } from '../options.js';
import { simulateAndReport } from '../simulate-and-report.js';

/** `gvlsim compare FILE`. */
export async function compare(args: SimulationArgs): Promise<number> {
  return simulateAndReport('compare', args);
}
