import { faultOf } from '../../experiment/claims/names.js';
import type { Problem } from '../../schema/index.js';
import type { BuiltConfiguration } from '../build/configuration.js';
import { problemAt } from '../source/problem-at.js';
import { get, locate, type Mapping } from '../source/tree.js';

/** Quantities of a claim that no result of the scenario holds. */
export function checkClaim(root: Mapping, built: readonly BuiltConfiguration[]): Problem[] {
  const claim = built[0]?.claim;
  const written = get(root, 'claim');
  if (claim === undefined || claim === null || written === undefined) return [];
  const names = {
    variants: built.map(({ spec }) => spec.variant),
    classes: [...new Set(built.flatMap(({ spec }) => spec.system.app.classes.map((c) => c.name)))],
  };
  return claim.checks.flatMap((check, k) => {
    const faults = check.value.quantities.map((quantity) => faultOf(quantity, names)).filter((fault) => fault !== null);
    const place = locate(written, ['checks', k, 'value'], 'value');
    return faults.map((message) => problemAt(place, 'SCN_CLAIM', message));
  });
}
