import type { CompareArgs } from '../arguments/options.js';
import { simulateAndReport } from '../simulate-and-report.js';

/** `gvlsim compare FILE...`. */
export async function compare({ files, ...args }: CompareArgs): Promise<number> {
  const [file, ...others] = files as [string, ...string[]];
  return simulateAndReport('compare', others.length === 0 ? { ...args, file } : { ...args, file, others });
}
