import { goalText } from '../../experiment/search/goal.js';
import type { BestResult } from '../../experiment/search/search-best.js';
import type { ExperimentSpec } from '../../experiment/spec.js';
import type { BestPlan, MaxRatePlan } from '../../scenario/index.js';
import type { SearchArgs } from '../arguments/options.js';
import { folded } from '../print/fold.js';
import { tableText } from '../print/grid.js';
import { digits, digitsLike, percent } from '../print/numbers.js';
import { paintFor } from '../print/paint.js';
import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from '../print/symbols.js';
import { showsUnicode, tableWidthOf } from '../terminal.js';
import { candidateName } from './candidate-name.js';
import { rateRecords, type VariantRate } from './run-search.js';

export interface ShownSearch {
  readonly spec: ExperimentSpec;
  readonly maxRate: { readonly plan: MaxRatePlan; readonly rates: readonly VariantRate[] } | null;
  readonly best: { readonly plan: BestPlan; readonly result: BestResult; readonly files: readonly string[] } | null;
  readonly isInterrupted: boolean;
}

/** What `gvlsim search` shows. */
export function shownSearch(
  { spec, maxRate, best, isInterrupted }: ShownSearch,
  isMarkdown: boolean,
  args: SearchArgs,
): string {
  const paint = paintFor(process.stdout, { color: args.color && !isMarkdown });
  const { plusMinus } = isMarkdown || showsUnicode(process.stdout) ? UNICODE_SYMBOLS : ASCII_SYMBOLS;
  const form = { isMarkdown, width: tableWidthOf(process.stdout) };
  const prose = (text: string): string => (isMarkdown ? text : folded(text, form.width));
  const blocks: string[] = [];
  const title = (text: string): string => (isMarkdown ? `## ${text}` : paint.bold(text));
  if (maxRate !== null) {
    const objectives = spec.slo.map(({ text }) => text).join(', ');
    const records = rateRecords(maxRate.rates, maxRate.plan, []);
    blocks.push(
      title(`${spec.name}: highest rate with ${objectives}`),
      tableText(
        {
          head: ['variant', 'req/s', 'holds at', 'fails at', 'runs', ''],
          rows: records.map((record) => [
            record.candidate,
            digits(record.estimate),
            digits(record.ciLow),
            digits(record.ciHigh),
            String(record.replications),
            record.verdict === 'found' ? '' : record.reason,
          ]),
        },
        form,
      ),
      prose(
        `With probability ${percent(maxRate.plan.confidence)} the highest rate lies between the two at which it was shown to hold and to fail.`,
      ),
    );
  }
  if (best !== null) {
    const { plan, result, files } = best;
    const goals = plan.goals.map((goal) => `${goal.isMore ? 'most' : 'least'} ${goalText(goal)}`);
    const limits = spec.slo.length === 0 ? '' : `, with ${spec.slo.map(({ text }) => text).join(', ')}`;
    blocks.push(
      title(`${spec.name}: ${goals.join(' and ')} among ${plan.candidates.length}${limits}`),
      tableText(
        {
          head: ['', 'candidate', ...plan.factors.map(({ name }) => name), ...plan.goals.map(goalText), 'runs', 'why'],
          rows: result.ranking.map(({ candidate, rank, verdict, reason, replications, goals: estimates }) => {
            const { cells, experiment } = plan.candidates[candidate]!;
            const why = verdict === 'selected' ? paint.green(reason) : reason;
            return [
              String(rank),
              candidateName(experiment.experiment!),
              ...cells,
              ...estimates.map(({ estimate, ciHigh }) =>
                estimate === null || ciHigh === null
                  ? digits(estimate)
                  : `${digits(estimate)} ${plusMinus} ${digitsLike(ciHigh - estimate, estimate)}`,
              ),
              String(replications),
              why,
            ];
          }),
        },
        form,
        { mayGo: mayGo(plan), file: 'search.csv' },
      ),
      prose(isInterrupted ? INTERRUPTED : conclusion(plan, result, files)),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}

/** The candidate says most of what the factors say; where there is no room for either, reasons are in search.csv. */
function mayGo({ factors, goals }: BestPlan): number[] {
  const runs = 2 + factors.length + goals.length;
  return [...factors.map((_, k) => 2 + k), runs, runs + 1];
}

const INTERRUPTED = 'Interrupted: not decided.';

function conclusion(plan: BestPlan, { isDecided, ranking }: BestResult, files: readonly string[]): string {
  const method = 'Kim and Nelson (2001), pruned early';
  const indifference = percent(plan.indifference);
  if (ranking.every(({ verdict }) => verdict === 'beyond' || verdict === 'excluded')) {
    return 'No candidate fits the host and keeps the objectives.';
  }
  const told = isDecided
    ? `Selected with probability ${percent(plan.probability)} or more, up to differences of ${indifference} (${method}).`
    : `Undecided after ${plan.maxReplications} replications: those not told apart may differ by less than ${indifference}.`;
  return [told, ...(files.length > 0 ? [`Settings for the server: ${files.join(', ')}.`] : [])].join('\n');
}
