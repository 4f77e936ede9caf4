/** `npm run validate`: replays every measured case and writes docs/validation/fidelity.md and its figure. */
import { writeFileSync } from 'node:fs';
import { compareCase, notSimulated } from '../test/support/fidelity.js';
import { measuredCases } from '../test/support/measured.js';
import { quantileFigure } from './fidelity/figure.js';
import { fidelityPage } from './fidelity/report.js';

const FIGURE = 'fidelity.svg';
const page = (name: string): URL => new URL(`../docs/validation/${name}`, import.meta.url);

const cases = measuredCases();
const skipped = cases.flatMap((measured) => {
  const reason = notSimulated(measured);
  return reason === null ? [] : [{ measured, reason }];
});
const comparisons = cases.filter((measured) => notSimulated(measured) === null).map(compareCase);
writeFileSync(page('fidelity.md'), fidelityPage(comparisons, skipped, FIGURE));
writeFileSync(page(FIGURE), quantileFigure(comparisons));
console.log(`docs/validation/fidelity.md: ${comparisons.length} cases compared, ${skipped.length} not simulated`);
