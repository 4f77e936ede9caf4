import type { CheckedFigure, JudgedClaim } from '../../experiment/claims/judge.js';
import type { UntestedClaim } from '../../experiment/claims/spec.js';
import { column, type Table } from '../columns.js';
import type { Row } from '../csv.js';
import { plainCell } from '../numbers.js';

/** A claim with what became of it. */
export type ClaimResult =
  | { readonly kind: 'judged'; readonly judged: JudgedClaim; readonly scenario: string }
  | { readonly kind: 'untested'; readonly claim: UntestedClaim };

export const CLAIMS: Table = {
  name: 'claims',
  title: 'Claims',
  description: 'Written by `gvlsim claims`: one row for each claim, with the figure that decides.',
  primaryKey: ['id'],
  columns: [
    column(
      'id',
      'string',
      '',
      'Claim',
      'Number of the claim: A of the article on allocation, T of the one on threads.',
    ),
    column('claim', 'string', '', 'Claim', 'What was said.'),
    column(
      'verdict',
      'string',
      '',
      'Verdict',
      '`confirmed`: every check holds; `refuted`: the first check fails; `qualified`: something between; `context`: not for a simulation to decide; `not_simulated_yet`.',
    ),
    column('measured', 'number', '', 'Measured', 'The figure of the first check; unit: see `unit`.'),
    column('ci_low', 'number', '', 'Interval from', 'Lower end of its interval; empty if there is none.'),
    column('ci_high', 'number', '', 'Interval to', 'Upper end of its interval; empty if there is none.'),
    column('unit', 'string', '', 'Unit', 'Unit of the figure; `ratio` for quotients and shares.'),
    column('scenario', 'string', '', 'Scenario', 'File with the scenario and its checks.'),
    column('figure', 'string', '', 'Figure', 'What was measured, in words.'),
    column('expected', 'string', '', 'Expected', 'Where the whole interval must lie for the claim to hold.'),
    column('checks', 'string', '', 'Checks', 'Outcome of every check, in order: `holds`, `fails` or `undecided`.'),
    column('method', 'string', '', 'Method', 'How the interval was made, or why there is none.'),
    column('reason', 'string', '', 'Reason', 'Why the claim was not simulated.'),
    column('meaning', 'string', '', 'Meaning', 'What the outcome means, in one line; of those that were simulated.'),
  ],
};

export function* claimRows(results: readonly ClaimResult[]): Generator<Row> {
  for (const result of results) {
    if (result.kind === 'untested') {
      const { id, says, verdict, reason } = result.claim;
      yield [id, says, verdict, '', '', '', '', '', '', '', '', '', reason, ''];
      continue;
    }
    const { claim, verdict, figures } = result.judged;
    const { check, measured, interval, method } = figures[0]!;
    yield [
      claim.id,
      claim.says,
      verdict,
      plainCell(measured),
      plainCell(interval?.low ?? null),
      plainCell(interval?.high ?? null),
      check.unit,
      result.scenario,
      check.figure,
      check.expect.text,
      figures.map(({ outcome }) => outcome).join(' '),
      method,
      '',
      claim.means,
    ];
  }
}

export function idOf(result: ClaimResult): string {
  return result.kind === 'judged' ? result.judged.claim.id : result.claim.id;
}

/** Words of a verdict for people. */
export const VERDICT_WORDS = {
  confirmed: 'confirmed',
  refuted: 'refuted',
  qualified: 'qualified',
  context: 'context',
  not_simulated_yet: 'not simulated yet',
} as const;
export type VerdictWord = keyof typeof VERDICT_WORDS;

export function verdictOfResult(result: ClaimResult): VerdictWord {
  return result.kind === 'judged' ? result.judged.verdict : result.claim.verdict;
}

/** How many claims have each verdict, e.g. `20 confirmed, 3 qualified`. */
export function claimCounts(results: readonly ClaimResult[]): string {
  const words = Object.keys(VERDICT_WORDS) as VerdictWord[];
  const counts = words.map(
    (word) => [word, results.filter((result) => verdictOfResult(result) === word).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${VERDICT_WORDS[word]}`)
    .join(', ');
}

/** E.g. `1.24 [1.19, 1.28]`; the interval is left out where its ends read like the figure or there is none. */
export function figureText({ measured, interval, check }: CheckedFigure): string {
  const unit = check.unit === 'ratio' || check.unit === 'count' ? '' : ` ${check.unit}`;
  const isWhole = check.unit !== 'ratio' && Number.isInteger(measured);
  const [figure, low, high] = [measured, interval?.low ?? measured, interval?.high ?? measured].map((value) =>
    isWhole && Number.isInteger(value) ? String(value) : short(value),
  );
  return low === figure && high === figure ? `${figure}${unit}` : `${figure} [${low}, ${high}]${unit}`;
}

/** The figure that decides, and the first of the others that does not hold. */
export function decisiveFigures({ figures: [first, ...others] }: JudgedClaim): CheckedFigure[] {
  const notable = others.find(({ outcome }) => outcome !== 'holds');
  return notable === undefined ? [first!] : [first!, notable];
}

/** Three digits, never in scientific notation. */
function short(value: number): string {
  if (!Number.isFinite(value)) return 'not observed';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(3);
}
