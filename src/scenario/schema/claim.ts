import { type Expression, readExpression } from '../../experiment/claims/expression.js';
import { type Range, readRange } from '../../experiment/claims/range.js';
import { field, list, preset, record, text, type ValueOf } from '../../schema/index.js';

const EXAMPLE = 'latency_ms p95 @puma / latency_ms p95 @unicorn';

const figure = field<Expression>(
  {
    doc: 'The figure, from quantities `metric{class:NAME} statistic @variant`, numbers, + - * / between blanks, min( ) and max( ).',
    expected: `a figure such as ${EXAMPLE}`,
    unit: '',
    json: { type: 'string', examples: [EXAMPLE] },
  },
  (input) => {
    if (typeof input !== 'string') return { fault: { code: 'SCN_TYPE' } };
    const reading = readExpression(input);
    return 'fault' in reading ? { fault: { code: 'SCN_CLAIM', message: reading.fault } } : { value: reading };
  },
);

const range = field<Range>(
  {
    doc: 'Where the figure must lie, with its whole interval, for the check to hold.',
    expected: 'a range such as "> 1.05", "<= 20" or "0.2 .. 0.3"',
    unit: '',
    json: { type: 'string', examples: ['> 1', '0.2 .. 0.3'] },
  },
  (input) => {
    const range = typeof input === 'string' ? readRange(input) : null;
    return range === null ? { fault: { code: 'SCN_CLAIM' } } : { value: range };
  },
);

const ID = { pattern: /^[A-Z]\d\d$/, expected: 'a letter and two digits, such as T21' };

export const claimId = (): ReturnType<typeof text> => text({ doc: 'Number of the claim.', ...ID });

/** What somebody said, and how the scenario puts it to the test. */
export const claimSchema = record(
  'A claim that this scenario puts to the test: `gvlsim claims` judges it.',
  {
    id: claimId(),
    says: text({ doc: 'The claim.' }),
    checks: list(
      record(
        'A figure, and what the claim expects of it.',
        {
          figure: text({ doc: 'What is measured, in words.' }),
          value: figure,
          unit: preset(text({ doc: 'Unit of the figure, e.g. ms.' }), 'ratio'),
          expect: range,
        },
        { merge: 'whole' },
      ),
      'The first check decides: where it fails, the claim is refuted. Confirmed if all hold, else qualified.',
    ),
    means: preset(text({ doc: 'What the outcome means for readers of the claim, in one line.', mayBeEmpty: true }), ''),
    note: preset(
      text({ doc: 'What is behind the figures: mechanism, conditions, what is left out.', mayBeEmpty: true }),
      '',
    ),
  },
  { merge: 'whole' },
);

export type ClaimText = ValueOf<typeof claimSchema>;
