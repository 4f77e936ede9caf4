import { rowAsObject } from '../../report/json.js';
import {
  type ClaimResult,
  claimCounts,
  claimRows,
  decisiveFigures,
  figureText,
  idOf,
  VERDICT_WORDS,
  type VerdictWord,
  verdictOfResult,
} from '../../report/outputs/claims.js';
import { SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { CLAIMS } from '../../report/tables.js';
import { wrapped } from '../../schema/wrapped.js';
import type { CommonArgs, Format } from '../arguments/options.js';
import { formatted } from '../print/formatted.js';
import { markdown } from '../print/grid.js';
import { type Paint, paintFor } from '../print/paint.js';
import { widthOf } from '../terminal.js';
import { gvlsimVersion } from '../version.js';

/** What stdout gets. */
export function claimsText(results: readonly ClaimResult[], format: Format, args: CommonArgs): string {
  return formatted(format, {
    table: CLAIMS,
    rows: () => claimRows(results),
    json: () => asJson(results),
    text: (isMarkdown) =>
      isMarkdown
        ? `${markdown(['', 'claim', 'verdict', 'measured', 'in short'], results.map(cells))}\n\n${claimCounts(results)}\n`
        : `${humanList(results, widthOf(process.stdout), paintFor(process.stdout, args))}\n`,
  });
}

function cells(result: ClaimResult): string[] {
  return [idOf(result), sayingOf(result), VERDICT_WORDS[verdictOfResult(result)], outcomeOf(result), meaningOf(result)];
}

function sayingOf(result: ClaimResult): string {
  return result.kind === 'judged' ? result.judged.claim.says : result.claim.says;
}

/** The figure that decides, and another that does not hold; or why there is none. */
function outcomeOf(result: ClaimResult): string {
  if (result.kind === 'untested') return result.claim.reason;
  return decisiveFigures(result.judged)
    .map((figure) => `${figure.check.figure}: ${figureText(figure)}, expected ${figure.check.expect.text}`)
    .join('; but ');
}

function meaningOf(result: ClaimResult): string {
  return result.kind === 'judged' ? result.judged.claim.means : '';
}

/** Each claim on lines of its own: number, verdict, what was said, what was measured. */
function humanList(results: readonly ClaimResult[], width: number, paint: Paint): string {
  const indent = ' '.repeat(5);
  const blocks = results.map((result) => {
    const verdict = verdictOfResult(result);
    const lines = wrapped(sayingOf(result), width - indent.length - 13);
    const head = lines.map((line, k) => {
      if (k > 0) return `${indent}${line}`;
      return `${idOf(result).padEnd(5)}${line.padEnd(width - indent.length - 13)} ${coloured(verdict, paint)}`;
    });
    return [
      ...head,
      ...wrapped(outcomeOf(result), width - indent.length - 2).map((line) => paint.dim(`${indent}  ${line}`)),
      ...wrapped(meaningOf(result), width - indent.length - 2).map((line) => `${indent}  ${line}`),
    ].join('\n');
  });
  return [...blocks, '', claimCounts(results)].join('\n');
}

function coloured(verdict: VerdictWord, paint: Paint): string {
  const word = VERDICT_WORDS[verdict];
  if (verdict === 'confirmed') return paint.green(word);
  if (verdict === 'refuted') return paint.red(word);
  return verdict === 'qualified' ? paint.yellow(word) : paint.dim(word);
}

function asJson(results: readonly ClaimResult[]): object {
  const rows = [...claimRows(results)];
  return {
    schema_version: SCHEMA_VERSION,
    command: 'claims',
    gvlsim_version: gvlsimVersion(),
    claims: rows.map((row, k) => ({ ...rowAsObject(CLAIMS, row), all_checks: checksOf(results[k]!) })),
  };
}

function checksOf(result: ClaimResult): object[] {
  if (result.kind === 'untested') return [];
  return result.judged.figures.map(({ check, measured, interval, method, outcome }) => ({
    figure: check.figure,
    value: check.value.text,
    measured: Number.isFinite(measured) ? measured : null,
    ci_low: interval?.low ?? null,
    ci_high: interval?.high ?? null,
    unit: check.unit,
    expected: check.expect.text,
    outcome,
    method,
  }));
}
