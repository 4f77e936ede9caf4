import { asMap, type Code, child, isFree, mapRules, type Problem } from '../../schema/index.js';
import { FILE_LEVEL_KEYS, type ScenarioSchema, scenarioSchema } from '../schema/index.js';
import { parseYaml } from './parse-yaml.js';
import { type Entry, joinPath, type Leaf, type Mapping, type Tree, type TreePlace } from './tree.js';

/** `--set path=value`, read. */
export interface Override {
  readonly keys: readonly string[];
  readonly value: Tree;
  readonly place: TreePlace;
  /** Applies to the file as a whole (variants, run ...), not to each configuration. */
  readonly isFileLevel: boolean;
}

/**
 * A value from the command line. Its place is the argument: file `--set`, line = which of the repeated arguments.
 *
 * @param argument `server.puma.threads=3`; the value is YAML
 * @param ordinal from 1
 */
export function readOverride(argument: string, ordinal: number): Override | Problem {
  const place = (column: number, length: number, path: string): TreePlace => {
    return { file: '--set', line: ordinal, column, length: Math.max(1, length), excerpt: argument, path };
  };
  const equals = argument.indexOf('=');
  const keys = equals < 0 ? null : splitPath(argument.slice(0, equals));
  if (keys === null || keys.length === 0) {
    return setProblem(place(1, argument.length, ''), 'expected path=value, e.g. server.puma.threads=3');
  }
  const path = keys.join('.');
  const text = argument.slice(equals + 1);
  const parsed = parseYaml('--set', text);
  if (parsed.tree === null) {
    const isEmpty = text.trim() === '' || text.trim() === '~' || text.trim() === 'null';
    if (isEmpty) {
      const value: Leaf = { kind: 'leaf', value: null, source: '', place: place(equals + 2, 1, path) };
      return { keys, value, place: place(1, equals, path), isFileLevel: isFileLevel(keys) };
    }
    return setProblem(place(equals + 2, text.length, path), parsed.problems[0]?.message ?? 'not valid YAML');
  }
  const value = moved(parsed.tree, (p) => place(equals + 1 + p.column, p.length, joinPaths(path, p.path)));
  return { keys, value, place: place(1, equals, path), isFileLevel: isFileLevel(keys) };
}

/** A number or text from another argument, e.g. `--seed 5`. */
export function plainOverride(flag: string, keys: readonly string[], value: string | number): Override {
  const excerpt = `${flag} ${value}`;
  const place: TreePlace = {
    file: flag,
    line: 1,
    column: flag.length + 2,
    length: String(value).length,
    excerpt,
    path: keys.join('.'),
  };
  return { keys, value: { kind: 'leaf', value, source: String(value), place }, place, isFileLevel: true };
}

function isFileLevel(keys: readonly string[]): boolean {
  return FILE_LEVEL_KEYS.includes(keys[0]!);
}

/** `a.b.0`, `a[0].b`, `variants."puma-6.6".server`; null when malformed. */
export function splitPath(path: string): string[] | null {
  const keys: string[] = [];
  const step = /^(?:"([^"]+)"|\[(\d+|"[^"]+")\]|([^.[\]"=\s]+))(\.(?=.)|(?=\[)|$)/;
  for (let rest = path.trim(); rest !== ''; ) {
    const match = step.exec(rest);
    if (match === null) return null;
    keys.push((match[1] ?? match[2] ?? match[3]!).replaceAll('"', ''));
    rest = rest.slice(match[0].length);
  }
  return keys;
}

/** A key as it stands in a path: in quotes where it has a dot, a bracket or a space. */
export function quotedKey(key: string): string {
  return /^[^.[\]"=\s]+$/.test(key) ? key : `"${key}"`;
}

/** What became of an override in one tree. */
export type Applied = { readonly tree: Tree } | { readonly otherChoice: string } | { readonly problem: Problem };

/**
 * The tree with the value in the place of what was at the path; maps on the way are made where there are none. List
 * items are named by number from 0, or by their `name`. A path below a choice that the tree does not make (`server.puma`
 * where the server is Unicorn) is not applied.
 */
export function applyOverride(schema: ScenarioSchema | null, tree: Tree, override: Override): Applied {
  return applyAt(schema, tree, override, 0);
}

function applyAt(schema: ScenarioSchema | null, tree: Tree, override: Override, depth: number): Applied {
  const { keys, value, place } = override;
  if (depth === keys.length) return { tree: value };
  const key = keys[depth]!;
  if (tree.kind === 'list') return applyToItem(schema, tree, override, depth);
  const rules = mapRules(schema);
  const isMap = tree.kind === 'map';
  if (isMap && rules.merge !== 'deep' && tree.entries.size > 0 && !tree.entries.has(key) && isKnown(schema, key)) {
    if (rules.merge === 'choice') return { otherChoice: keys.slice(0, depth + 1).join('.') };
  }
  if (!acceptsMap(schema)) {
    return { problem: setProblem(place, `${keys.slice(0, depth).join('.')} has no keys`) };
  }
  const entries = new Map<string, Entry>(isMap ? tree.entries : []);
  const below = schemaBelow(schema, key, keys, depth);
  const empty: Mapping = {
    kind: 'map',
    entries: new Map(),
    place: { ...place, path: keys.slice(0, depth + 1).join('.') },
  };
  const inner = applyAt(below, entries.get(key)?.value ?? empty, override, depth + 1);
  if (!('tree' in inner)) return inner;
  for (const group of rules.exclusive)
    if (group.includes(key)) for (const other of group) if (other !== key) entries.delete(other);
  const keyPlace = { ...place, path: keys.slice(0, depth + 1).join('.') };
  if (inner.tree.kind === 'leaf' && inner.tree.value === null) entries.delete(key);
  else entries.set(key, { key: keyPlace, value: inner.tree });
  return { tree: { kind: 'map', entries, place: tree.place } };
}

function applyToItem(
  schema: ScenarioSchema | null,
  tree: Tree & { kind: 'list' },
  override: Override,
  depth: number,
): Applied {
  const key = override.keys[depth]!;
  const names = tree.items.map((item) => nameOf(item));
  const index = /^\d+$/.test(key) ? Number(key) : names.indexOf(key);
  const item = tree.items[index];
  if (item === undefined) {
    const known = names.filter((name) => name !== null);
    const hint = known.length > 0 ? `there are ${known.join(', ')}` : `there are ${tree.items.length}, counted from 0`;
    return {
      problem: setProblem(
        override.place,
        `no item ${key} in ${override.keys.slice(0, depth).join('.')}`,
        'SCN_SET',
        hint,
      ),
    };
  }
  const inner = applyAt(child(schema, index) as ScenarioSchema | null, item, override, depth + 1);
  if (!('tree' in inner)) return inner;
  return { tree: { ...tree, items: tree.items.map((old, k) => (k === index ? inner.tree : old)) } };
}

function nameOf(item: Tree): string | null {
  const name = item.kind === 'map' ? item.entries.get('name')?.value : undefined;
  return name?.kind === 'leaf' ? String(name.value) : null;
}

function isKnown(schema: ScenarioSchema | null, key: string): boolean {
  return schema !== null && child(schema, key) !== null;
}

/** A variant is a piece of a scenario. */
function schemaBelow(
  schema: ScenarioSchema | null,
  key: string,
  keys: readonly string[],
  depth: number,
): ScenarioSchema | null {
  if (keys[0] === 'variants' && depth === 1) return scenarioSchema();
  return schema === null ? null : (child(schema, key) as ScenarioSchema | null);
}

function acceptsMap(schema: ScenarioSchema | null): boolean {
  return schema === null || asMap(schema) !== null || isFree(schema);
}

export function setProblem(place: TreePlace, message: string, code: Code = 'SCN_SET', hint = ''): Problem {
  return { ...place, code, message, expected: '', received: '', hint };
}

function moved(tree: Tree, move: (place: TreePlace) => TreePlace): Tree {
  const place = move(tree.place);
  if (tree.kind === 'leaf') return { ...tree, place };
  if (tree.kind === 'list') return { ...tree, place, items: tree.items.map((item) => moved(item, move)) };
  const entries = [...tree.entries].map(
    ([name, { key, value }]) => [name, { key: move(key), value: moved(value, move) }] as const,
  );
  return { ...tree, place, entries: new Map(entries) };
}

function joinPaths(path: string, below: string): string {
  if (below === '') return path;
  return below.startsWith('[') ? path + below : joinPath(path, below);
}
