/** `npm run validate [-- PAGE]`: replays every measured case and writes the pages of docs/validation and their figures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { compareCase } from '../test/support/fidelity.js';
import { measuredCases } from '../test/support/measured.js';
import { quantileFigure } from './fidelity/figure.js';
import { withErrors } from './fidelity/readme-errors.js';
import { fidelityPage } from './fidelity/report.js';
import { chancePage } from './validate/chance.js';
import { edgesPage } from './validate/edges.js';
import { jobsPage } from './validate/jobs.js';
import { memoryPage } from './validate/memory.js';
import { pythonPage } from './validate/python.js';

const FIGURE = 'fidelity.svg';
const README = new URL('../README.md', import.meta.url);
const page = (name: string): URL => new URL(`../docs/validation/${name}`, import.meta.url);

/** What each page is made of, by its name; `npm run validate -- jobs` makes one of them. */
const PAGES: Readonly<Record<string, () => void>> = {
  fidelity: () => {
    const comparisons = measuredCases().map(compareCase);
    const text = fidelityPage(comparisons, FIGURE);
    writeFileSync(page('fidelity.md'), text);
    writeFileSync(README, withErrors(readFileSync(README, 'utf8'), text));
    writeFileSync(page(FIGURE), quantileFigure(comparisons));
    console.log(`docs/validation/fidelity.md: ${comparisons.length} cases compared`);
  },
  chance: () => {
    writeFileSync(page('chance.md'), chancePage());
    console.log('docs/validation/chance.md');
  },
  edges: () => {
    writeFileSync(page('edges.md'), edgesPage());
    console.log('docs/validation/edges.md');
  },
  jobs: () => {
    writeFileSync(page('jobs.md'), jobsPage());
    console.log('docs/validation/jobs.md');
  },
  memory: () => {
    writeFileSync(page('memory.md'), memoryPage());
    console.log('docs/validation/memory.md');
  },
  python: () => {
    writeFileSync(page('python.md'), pythonPage());
    console.log('docs/validation/python.md');
  },
};

const chosen = process.argv.slice(2);
for (const [name, write] of Object.entries(PAGES)) if (chosen.length === 0 || chosen.includes(name)) write();
