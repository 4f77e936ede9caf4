/** `npm run validate`: replays every measured case and writes docs/validation/fidelity.md and its figure. */
import { writeFileSync } from 'node:fs';
import { compareCase } from '../test/support/fidelity.js';
import { measuredCases } from '../test/support/measured.js';
import { quantileFigure } from './fidelity/figure.js';
import { fidelityPage } from './fidelity/report.js';

const FIGURE = 'fidelity.svg';
const page = (name: string): URL => new URL(`../docs/validation/${name}`, import.meta.url);

const comparisons = measuredCases().map(compareCase);
writeFileSync(page('fidelity.md'), fidelityPage(comparisons, FIGURE));
writeFileSync(page(FIGURE), quantileFigure(comparisons));
console.log(`docs/validation/fidelity.md: ${comparisons.length} cases compared`);
