import type { SimulationArgs } from '../arguments/options.js';
import { simulateAndReport } from '../simulate-and-report.js';

/** `gvlsim run FILE`. */
export async function run(args: SimulationArgs): Promise<number> {
  if (args.trace !== undefined) return (await import('../trace-request.js')).traceRequest(args, args.trace);
  return simulateAndReport('run', args);
}
