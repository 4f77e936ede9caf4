import type { SimulationArgs } from './options.js';
export async function traceRequest(_args: SimulationArgs, _name: string): Promise<number> {
  return 0;
}
