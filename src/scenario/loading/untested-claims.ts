import type { UntestedClaim } from '../../experiment/claims/spec.js';
import {
  findings as findingsOf,
  list,
  optional,
  type Problem,
  record,
  sortProblems,
  text,
} from '../../schema/index.js';
import { claimId } from '../schema/claim.js';
import { Findings } from '../source/findings.js';
import { parseYaml } from '../source/parse-yaml.js';
import { toPlain } from '../source/tree.js';
import type { ScenarioSource } from './contract.js';

const untestedClaims = record('Claims without a simulation behind them.', {
  claims: list(
    record(
      'A claim.',
      {
        id: claimId(),
        says: text({ doc: 'The claim.' }),
        context: optional(text({ doc: 'Why no simulation can decide it.' })),
        later: optional(text({ doc: 'What has to be built before it can be simulated.' })),
      },
      { exclusive: [['context', 'later']] },
    ),
    'The claims.',
  ),
});

export interface LoadedUntestedClaims {
  readonly claims: readonly UntestedClaim[];
  readonly problems: readonly Problem[];
}

/** Reads a list of claims that are not simulated, each with the reason. Never throws for what is in it. */
export function loadUntestedClaims({ file, text: source }: ScenarioSource): LoadedUntestedClaims {
  const parsed = parseYaml(file, source);
  if (parsed.tree === null) return { claims: [], problems: parsed.problems };
  const findings = new Findings(parsed.tree);
  const plain = toPlain(parsed.tree);
  const checked = untestedClaims.safeParse(plain);
  if (!checked.success) {
    for (const finding of findingsOf(untestedClaims, checked.error, plain)) findings.add(finding);
    return { claims: [], problems: sortProblems(findings.problems) };
  }
  const claims = checked.data.claims.map(({ id, says, context, later }, k): UntestedClaim => {
    if ((context === undefined) === (later === undefined)) {
      const message = 'expected context or later';
      findings.problem(['claims', k], { code: 'SCN_COMBINATION', message });
    }
    const verdict = later === undefined ? 'context' : 'not_simulated_yet';
    return { id, says, verdict, reason: context ?? later ?? '' };
  });
  return { claims, problems: findings.problems };
}
