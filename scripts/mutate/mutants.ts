/** A file with one operator replaced. */
export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly from: string;
  readonly to: string;
  /** The line as it was. */
  readonly excerpt: string;
  /** The whole file, broken. */
  readonly text: string;
}

/** Between blanks, so that types (`Map<string, number>`, `=>`) are left alone. */
const REPLACEMENTS: readonly (readonly [from: string, to: string])[] = [
  [' < ', ' <= '],
  [' <= ', ' < '],
  [' > ', ' >= '],
  [' >= ', ' > '],
  [' === ', ' !== '],
  [' !== ', ' === '],
  [' + ', ' - '],
  [' - ', ' + '],
  [' * ', ' / '],
  [' / ', ' * '],
  [' && ', ' || '],
  [' || ', ' && '],
  [' += ', ' -= '],
  [' -= ', ' += '],
  ['++', '--'],
  ['Math.min(', 'Math.max('],
  ['Math.max(', 'Math.min('],
];

/** Lines that are no code, or whose change nobody could notice but by reading: comments, imports, messages of errors. */
const LEFT_OUT = /^\s*(\/\*|\*|\/\/|import |export (type|interface)|throw )/;

/** Every mutant of a source. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const lines = source.split('\n');
  return lines.flatMap((excerpt, k) => {
    if (LEFT_OUT.test(excerpt)) return [];
    const code = excerpt.replace(/\/\/.*$/, '');
    return REPLACEMENTS.flatMap(([from, to]) =>
      placesOf(code, from).map((at) => {
        const broken = excerpt.slice(0, at) + to + excerpt.slice(at + from.length);
        const text = [...lines.slice(0, k), broken, ...lines.slice(k + 1)].join('\n');
        return { file, line: k + 1, from: from.trim(), to: to.trim(), excerpt: excerpt.trim(), text };
      }),
    );
  });
}

function placesOf(code: string, what: string): number[] {
  const places: number[] = [];
  for (let at = code.indexOf(what); at >= 0; at = code.indexOf(what, at + 1)) places.push(at);
  return places;
}
