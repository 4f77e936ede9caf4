/**
 * Edit distance with transpositions (optimal string alignment): `proceses` to `processes` is 1, `wokrers` to `workers` is 1.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** The known word most like `word`, or null when none is near enough to be a slip of the hand. */
export function nearest(word: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll('-', '_');
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(plain(word).slice(0, 64), plain(candidate));
    const isBetter =
      distance < bestDistance || (best !== null && distance === bestDistance && moreAlike(word, candidate, best));
    if (isBetter) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Words that servers, tools and people have for the same thing. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['workers', 'worker_processes', 'processes'],
  ['threads', 'concurrency', 'max_threads', 'min_threads'],
  ['rate', 'rps', 'qps', 'requests_per_second'],
  ['cores', 'cpus', 'vcpus'],
  ['memory', 'ram'],
  ['replications', 'repetitions', 'iterations'],
];

/** The known word for what `word` says elsewhere, e.g. `workers` for the `processes` of others; or null. */
export function synonym(word: string, known: readonly string[]): string | null {
  const group = SYNONYMS.find((words) => nearest(word, words) !== null);
  return known.find((candidate) => group?.includes(candidate)) ?? null;
}

/** Of two words at the same distance, the one that begins more like it is meant. */
function moreAlike(word: string, candidate: string, best: string): boolean {
  return commonStart(word, candidate) > commonStart(word, best);
}

function commonStart(a: string, b: string): number {
  let k = 0;
  while (k < a.length && a[k] === b[k]) k++;
  return k;
}
