import type { Problem } from '../../schema/index.js';
import { scenarioSchema } from '../schema/index.js';
import { applyOverride, type Override, plainOverride, readOverride, setProblem } from '../source/override.js';
import type { Mapping } from '../source/tree.js';
import type { LoadOptions } from './contract.js';

/** Those of the command line, flags of their own after `--set`: the last word. */
export function readOverrides({ set = [], overrides = {} }: LoadOptions, problems: Problem[]): Override[] {
  const plain: Override[] = [];
  const flag = (name: string, key: string, value: string | number | undefined) => {
    if (value !== undefined) plain.push(plainOverride(name, ['run', key], value));
  };
  flag('--seed', 'seed', overrides.seed);
  flag('--replications', 'replications', overrides.replications);
  flag('--requests', 'requests', overrides.requests);
  flag('--duration', 'duration', overrides.durationText);
  flag('--warmup', 'warmup', warmupValue(overrides.warmupText));
  const sets = set.map((argument, k) => readOverride(argument, k + 1));
  problems.push(...sets.filter((s): s is Problem => 'code' in s));
  return [...sets.filter((s): s is Override => 'keys' in s), ...plain];
}

/** `0.2` is a share of the run, `30s` a duration. */
function warmupValue(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : text;
}

/** The file with what concerns it as a whole (run, slo, variants ...) replaced. */
export function overrideFile(root: Mapping, overrides: readonly Override[], problems: Problem[]): Mapping {
  let tree = root;
  for (const override of overrides.filter((o) => o.isFileLevel)) {
    const applied = applyOverride(scenarioSchema(), tree, override);
    if ('tree' in applied) tree = applied.tree as Mapping;
    else if ('problem' in applied) problems.push(applied.problem);
    else problems.push(setProblem(override.place, `${applied.otherChoice} is not what the variant states`));
  }
  return tree;
}
