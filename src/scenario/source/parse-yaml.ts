import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { Code, Problem } from '../../schema/index.js';
import { type Entry, joinPath, type Tree, type TreePlace } from './tree.js';

/** Values that a file may have, those of aliases each time they stand there. */
const MAX_VALUES = 200_000;
/** Longest text [UTF-16 code units]; ten times as long as any scenario, and read in a second or two. */
const MAX_LENGTH = 1 << 21;
const MAX_DEPTH = 100;
/** Also what is told where the parser, which calls itself for every level, ends with an error of the engine. */
const TOO_DEEP = `more than ${MAX_DEPTH} levels deep`;

export interface Parsed {
  /** Null when there is no tree to speak of. */
  readonly tree: Tree | null;
  readonly problems: readonly Problem[];
}

/** Text of a scenario (YAML 1.2 core schema or JSON) as a tree with places. Merge keys `<<` are allowed, tags are not. */
export function parseYaml(file: string, text: string): Parsed {
  return new Reader(file, text.startsWith('\uFEFF') ? text.slice(1) : text).read();
}

class Reader {
  private readonly lineCounter: LineCounter;
  private readonly lines: readonly string[];
  private readonly problems: Problem[];
  private document: Document.Parsed | null;
  private values: number;
  private readonly open: Set<Node>;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    this.lineCounter = new LineCounter();
    this.lines = text.split(/\r\n|\n|\r/);
    this.problems = [];
    this.document = null;
    this.values = 0;
    this.open = new Set();
  }

  read(): Parsed {
    if (this.text.length > MAX_LENGTH) {
      const size = (this.text.length / (1 << 20)).toFixed(1);
      const what = `${size} MiB are too much for a scenario, which has at most ${MAX_LENGTH >> 20}`;
      this.report('SCN_YAML', what, 0, 0, '', 'long lists of values belong into CSV files that the scenario names');
      return { tree: null, problems: this.problems };
    }
    this.document = parseDocument(this.text, {
      lineCounter: this.lineCounter,
      version: '1.2',
      schema: 'core',
      merge: true,
      prettyErrors: false,
      logLevel: 'error',
    });
    const found = [...this.document.errors, ...this.document.warnings];
    const tooDeep = found.filter(({ message }) => /call stack/.test(message)).slice(0, 1);
    for (const { message, pos } of tooDeep.length > 0 ? tooDeep : found) {
      const what = tooDeep.length > 0 ? TOO_DEEP : plainMessage(message.split('\n')[0]!, this.text.slice(pos[0]));
      this.report('SCN_YAML', what, pos[0], pos[1], '', yamlHint(message));
    }
    if (this.problems.length > 0) return { tree: null, problems: this.problems };
    const contents = this.document.contents as Node | null;
    const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
    if (isEmpty) {
      const hint = 'gvlsim init writes a starter file';
      this.report('SCN_EMPTY', 'the file holds no scenario', 0, 0, '', hint);
      return { tree: null, problems: this.problems };
    }
    const tree = this.convert(contents, '', 0);
    return { tree: this.problems.length > 0 ? null : tree, problems: this.problems };
  }

  private convert(node: Node, path: string, depth: number): Tree | null {
    const place = this.placeOf(node, path);
    if (++this.values > MAX_VALUES) return this.refuse(place, `more than ${MAX_VALUES} values, aliases expanded`);
    if (depth > MAX_DEPTH) return this.refuse(place, TOO_DEEP);
    if (isAlias(node)) {
      const target = node.resolve(this.document!);
      if (target === undefined) return this.refuse(place, `no anchor is called ${node.source}`);
      if (this.open.has(target as Node)) return this.refuse(place, 'an alias contains itself');
      return this.convert(target as Node, path, depth + 1);
    }
    this.open.add(node);
    const tree = this.convertContainer(node, place, path, depth);
    this.open.delete(node);
    return tree;
  }

  private convertContainer(node: Node, place: TreePlace, path: string, depth: number): Tree | null {
    if (isScalar(node)) {
      const value = node.value as string | number | boolean | null;
      return { kind: 'leaf', value, source: node.source ?? String(value), place };
    }
    if (isSeq(node)) {
      const items: Tree[] = [];
      node.items.forEach((item, k) => {
        const tree = this.convert(item as Node, joinPath(path, k), depth + 1);
        if (tree !== null) items.push(tree);
      });
      return { kind: 'list', items, place };
    }
    if (!isMap(node)) return this.refuse(place, 'neither a map, a list nor a value');
    const entries = new Map<string, Entry>();
    for (const pair of node.items) this.convertPair(node, pair as Pair<Node, Node | null>, entries, path, depth);
    return { kind: 'map', entries, place };
  }

  private convertPair(
    map: YAMLMap,
    pair: Pair<Node, Node | null>,
    entries: Map<string, Entry>,
    path: string,
    depth: number,
  ): void {
    const { key, value } = pair;
    if (!isScalar(key) || key.value === null) {
      const place = this.placeOf(key ?? map, path);
      this.problems.push(problem('SCN_YAML', 'a key must be a word', place, ''));
      return;
    }
    if (isMergeKey(key.value)) {
      if (value !== null) this.mergeInto(value, entries, path, depth);
      return;
    }
    const name = String(key.value);
    const inner = joinPath(path, name);
    const keyPlace = this.placeOf(key, inner);
    const tree = isNothing(value) ? emptyLeaf(keyPlace) : this.convert(value, inner, depth + 1);
    if (tree !== null) entries.set(name, { key: keyPlace, value: tree });
  }

  /** `<<: *base` or `<<: [*a, *b]`: keys that are not stated here come from there; the first of several wins. */
  private mergeInto(value: Node, entries: Map<string, Entry>, path: string, depth: number): void {
    const tree = this.convert(value, path, depth + 1);
    if (tree === null) return;
    for (const source of tree.kind === 'list' ? tree.items : [tree]) {
      if (source.kind !== 'map') {
        this.problems.push(problem('SCN_YAML', 'a merge key needs a map, or a list of maps', source.place, ''));
        continue;
      }
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  private refuse(place: TreePlace, message: string): null {
    if (!this.problems.some((p) => p.code === 'SCN_ALIAS'))
      this.problems.push(problem('SCN_ALIAS', message, place, ''));
    return null;
  }

  private placeOf(node: Node, path: string): TreePlace {
    const [from, to] = node.range ?? [0, 0];
    return this.placeAt(from, to, path);
  }

  private placeAt(from: number, to: number, path: string): TreePlace {
    const { line, col } = this.lineCounter.linePos(Math.min(from, this.text.length));
    const lineNumber = Math.max(1, line);
    const column = Math.max(1, col);
    const excerpt = this.lines[lineNumber - 1] ?? '';
    const length = Math.max(1, Math.min(to - from, excerpt.length - column + 1));
    return { file: this.file, line: lineNumber, column, length, excerpt, path };
  }

  private report(code: Code, message: string, from: number, to: number, path: string, hint: string): void {
    this.problems.push(problem(code, message, this.placeAt(from, to, path), hint));
  }
}

function problem(code: Code, message: string, place: TreePlace, hint: string): Problem {
  return { ...place, code, message, expected: '', received: '', hint };
}

function emptyLeaf(place: TreePlace): Tree {
  return { kind: 'leaf', value: null, source: '', place };
}

/** `key:` with nothing behind it: what is wrong with it is said of the key. */
function isNothing(value: Node | null): value is null {
  return value === null || (isScalar(value) && value.value === null && value.range?.[0] === value.range?.[1]);
}

function isMergeKey(key: unknown): boolean {
  return key === '<<' || (typeof key === 'symbol' && key.description === '<<');
}

/** What the parser says to programmers, for people. @param text from the place on */
function plainMessage(message: string, text: string): string {
  if (/multiple documents/.test(message)) return 'the file holds more than one document';
  const key = /keys must be unique/.test(message) ? /^["']?([^"':\s]+)/.exec(text)?.[1] : undefined;
  return key === undefined ? message : `the key ${key} is there a second time`;
}

function yamlHint(message: string): string {
  if (/must be sufficiently indented and end with/.test(message)) return 'a { or [ before this place is not closed';
  if (/tab/i.test(message)) return 'indent with spaces';
  if (/unique/.test(message)) return 'remove one of the two';
  if (/multiple documents/.test(message)) return 'one scenario a file: remove the line ---';
  return '';
}
