import {
  type ClaimResult,
  claimCounts,
  decisiveFigures,
  figureText,
  idOf,
  VERDICT_WORDS,
  verdictOfResult,
} from './claims.js';

/** An article whose claims are tested, by the letter of their numbers. */
const ARTICLES: Readonly<Record<string, string>> = {
  A: 'How Ruby allocates memory',
  T: 'Threads or processes',
};

const INTRODUCTION = [
  'Two articles say how Ruby servers behave: one on how Ruby allocates memory (2021, numbers A), one on threads and',
  'processes (Shopify\'s "To Thread or Not to Thread", 2022, numbers T). `gvlsim claims` simulates what they say. Each claim is',
  'a scenario file with the figures that decide and where they must lie. That comes from the words of the article, not from the',
  'runs; a claim that the model refutes stays refuted. The page is made by `npm run claims`.',
  '',
];

/**
 * The claims as a page in Markdown: a table for each article, then every claim with its figures.
 *
 * @param toScenario path from the page to the folder of the scenarios, with its slash
 */
export function claimsPage(results: readonly ClaimResult[], toScenario: string): string {
  const letters = [...new Set(results.map((result) => idOf(result)[0]!))];
  const isOwn = letters.every((letter) => ARTICLES[letter] === undefined);
  return [
    '# Claims, put to the test',
    '',
    ...(isOwn ? [] : INTRODUCTION),
    'A check holds if the whole 95 % interval of its figure lies where the claim says, and fails if all of it lies elsewhere.',
    '**Confirmed**: every check holds. **Refuted**: the first check, which is the claim itself, fails. **Qualified**: something',
    'between: it holds in part, or under conditions. **Context**: not for a simulation to decide.',
    '',
    `${claimCounts(results)}.`,
    '',
    ...letters.flatMap((letter) => articleTable(letter, results)),
    '# Figures',
    '',
    ...results.flatMap((result) => figures(result, toScenario)),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function articleTable(letter: string, results: readonly ClaimResult[]): string[] {
  const own = results.filter((result) => idOf(result).startsWith(letter));
  return [
    `## ${ARTICLES[letter] ?? `Claims ${letter}`}`,
    '',
    '| | claim | verdict | measured | in short |',
    '|---|---|---|---|---|',
    ...own.map((result) => {
      const verdict = VERDICT_WORDS[verdictOfResult(result)];
      if (result.kind === 'untested')
        return row([result.claim.id, result.claim.says, verdict, '', result.claim.reason]);
      const { claim } = result.judged;
      const measured = decisiveFigures(result.judged).map((one) => `${one.check.figure}: ${figureText(one)}`);
      const link = `[${claim.id}](#${claim.id.toLowerCase()})`;
      return row([link, claim.says, `**${verdict}**`, measured.join('; but '), claim.means]);
    }),
    '',
  ];
}

function figures(result: ClaimResult, toScenario: string): string[] {
  if (result.kind === 'untested') return [];
  const { claim, figures: all, verdict } = result.judged;
  const scenario = `Scenario: [${result.scenario}](${toScenario}${result.scenario})`;
  return [
    `## ${claim.id}`,
    '',
    `${claim.says} **${VERDICT_WORDS[verdict]}.** ${scenario}.`,
    '',
    '| figure | measured | expected | |',
    '|---|---|---|---|',
    ...all.map((one) => row([one.check.figure, figureText(one), one.check.expect.text, one.outcome])),
    '',
    ...(claim.means + claim.note === '' ? [] : [[claim.means, claim.note].join(' ').trim(), '']),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ').trim()).join(' | ')} |`;
}
