import { loadOf } from '../../experiment/load/offered-load.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import { serverType } from '../../model/servers/registry.js';

/** E.g. `puma 4x3`, `unicorn 6`. */
export function candidateName({ configurations, run }: ExperimentSpec): string {
  const [configuration] = configurations;
  const { processes, threads } = loadOf(configuration!, run);
  const { type } = configuration!.system.server;
  return serverType(type).isSingleThreaded ? `${type} ${processes}` : `${type} ${processes}x${threads}`;
}
