import { explainDefaults, explainScenario } from '../../scenario/index.js';
import type { ScenarioArgs } from '../arguments/options.js';
import { Exit } from '../exit-codes.js';
import { readSource } from '../files/read-source.js';
import { loadOrExplain } from '../problems.js';
import { printData } from '../terminal.js';

interface ExplainArgs extends ScenarioArgs {
  readonly defaults: boolean;
}

/** `gvlsim explain FILE`: the scenario in words, or with `--defaults` with everything written out. */
export async function explain(args: ExplainArgs): Promise<number> {
  const loaded = loadOrExplain({ source: readSource(args.file), set: args.set ?? [], overrides: {} }, args);
  if (typeof loaded === 'number') return loaded;
  await printData((args.defaults ? explainDefaults : explainScenario)(loaded.experiment));
  return Exit.Ok;
}
