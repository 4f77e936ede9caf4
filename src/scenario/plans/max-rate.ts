import { loadOf } from '../../experiment/load/offered-load.js';
import type { Problem } from '../../schema/index.js';
import type { Loaded, OpenScenario } from '../loading/contract.js';
import type { SearchText } from '../schema/search.js';
import { type Override, readOverride } from '../source/override.js';
import { problemAt } from '../source/problem-at.js';
import { get, type Tree } from '../source/tree.js';

export interface MaxRatePlan {
  readonly fromPerSec: number | null;
  readonly toPerSec: number | null;
  readonly precision: number;
  readonly confidence: number;
  readonly maxReplications: number;
  /** The scenario with its variants at some rate. */
  at(ratePerSec: number): { readonly settings: readonly string[]; readonly experiment: Loaded };
}

/** A rate to see whether the load follows it. */
const TRIED_PER_SEC = 1.25;

/** What is wrong with `search.max_rate` goes to `problems`; then there is no plan. */
export function maxRatePlan(
  scenario: OpenScenario,
  tree: Tree,
  { from, to, precision, confidence, max_replications }: NonNullable<SearchText['max_rate']>,
  problems: Problem[],
): MaxRatePlan | null {
  const place = get(tree, 'max_rate')!.place;
  const root = scenario.root!;
  if (get(root, 'slo') === undefined) {
    problems.push(
      problemAt(place, 'SCN_REQUIRED', 'max_rate needs objectives', 'e.g. slo: ["latency_ms p95 < 300ms"]'),
    );
  }
  if (from !== undefined && to !== undefined && from >= to) {
    problems.push(problemAt(place, 'SCN_RANGE', 'expected from below to'));
  }
  const at = (ratePerSec: number) => {
    const setting = `load.open.rate=${plainRate(ratePerSec)}/s`;
    const override = readOverride(setting, 1) as Override;
    return { settings: [setting], experiment: scenario.build([override]) };
  };
  const tried = at(TRIED_PER_SEC).experiment.experiment;
  const isRaised = tried?.configurations.every(
    (one) => Math.abs((loadOf(one, tried.run).offeredPerSec ?? 0) / TRIED_PER_SEC - 1) < 1e-6,
  );
  if (!isRaised) {
    const message = 'max_rate needs a load whose rate can be raised';
    problems.push(
      problemAt(root.entries.get('load')?.key ?? place, 'SCN_COMBINATION', message, 'load: {open: {rate: 50/s}}'),
    );
    return null;
  }
  return {
    fromPerSec: from ?? null,
    toPerSec: to ?? null,
    precision,
    confidence,
    maxReplications: max_replications,
    at,
  };
}

/** Never in scientific notation. */
function plainRate(ratePerSec: number): string {
  const text = String(Number(ratePerSec.toPrecision(8)));
  return text.includes('e') ? ratePerSec.toFixed(12) : text;
}
