import { hasNoFigures, type Standing } from '../../experiment/estimates/standing.js';
import { isWithoutBound } from '../../experiment/estimates/summarise.js';

const WORDS: Readonly<Record<Standing['kind'], string>> = {
  steady: '',
  finite: '',
  unstable: 'UNSTABLE',
  unsettled: 'NOT SETTLED',
  unrun: 'NOT RUN',
};

/** What a table shows in the place of an average that there is not. */
export function standingWord({ kind }: Standing): string {
  return WORDS[kind];
}

/** Whether there is none of this metric. */
export function isHiddenIn({ kind }: Standing, metric: string): boolean {
  return hasNoFigures(kind) || (kind === 'unstable' && isWithoutBound(metric));
}
