import type { Place } from '../../schema/index.js';

/** Where a value is written, and under which key path of that file. */
export interface TreePlace extends Place {
  readonly path: string;
}

/** A scenario as written, with the place of every key and value. Trees of several files can be merged. */
export type Tree = Leaf | List | Mapping;

export interface Leaf {
  readonly kind: 'leaf';
  readonly value: string | number | boolean | null;
  /** As it stands in the file, e.g. `3.10` for the number 3.1. */
  readonly source: string;
  readonly place: TreePlace;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly place: TreePlace;
}

export interface Mapping {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: TreePlace;
}

export interface Entry {
  /** Where the key is written. */
  readonly key: TreePlace;
  readonly value: Tree;
}

/** The value without places, as plain JSON. Keys named `__proto__` stay ordinary keys. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'leaf') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  const result: Record<string, unknown> = {};
  for (const [key, { value }] of tree.entries) {
    Object.defineProperty(result, key, { value: toPlain(value), enumerable: true, writable: true, configurable: true });
  }
  return result;
}

/** Value under a key, or undefined. */
export function get(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined;
}

/** Text under a key of the file, or undefined when it is missing or something else. */
export function textAt(root: Mapping, key: string): string | undefined {
  const value = get(root, key);
  return value?.kind === 'leaf' && typeof value.value === 'string' ? value.value : undefined;
}

/**
 * Place of what is meant by `path`. Where the path leads beyond what is written, the place is that of the last key on
 * the way, with the rest of the path added.
 */
export function locate(tree: Tree, path: readonly PropertyKey[], at: 'key' | 'value'): TreePlace {
  let here = tree;
  let key: TreePlace | null = null;
  for (let k = 0; k < path.length; k++) {
    const step = stepInto(here, path[k]!);
    if (step === null) {
      const place = key ?? here.place;
      return { ...place, path: path.slice(k).reduce<string>(joinPath, place.path) };
    }
    here = step.value;
    key = step.key;
  }
  return at === 'key' && key !== null ? key : here.place;
}

function stepInto(tree: Tree, key: PropertyKey): { value: Tree; key: TreePlace | null } | null {
  if (tree.kind === 'map') return tree.entries.get(String(key)) ?? null;
  if (tree.kind !== 'list') return null;
  const item = tree.items[Number(key)];
  return item === undefined ? null : { value: item, key: item.place };
}

/** `app` + `classes` = `app.classes`; `app.classes` + 0 = `app.classes[0]`. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? String(key) : `${path}.${String(key)}`;
}
