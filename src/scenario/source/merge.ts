import { child, mapRules } from '../../schema/index.js';
import type { ScenarioSchema } from '../schema/index.js';
import type { Entry, Mapping, Tree } from './tree.js';

type Schema = ScenarioSchema | null;

/**
 * `over` on top of `base`: maps key by key, lists and values replaced, `key: null` takes a key away. What a map does
 * beyond that is said by its schema: a choice (`server`, `load`) is replaced when another one is made, a distribution
 * always, and keys that exclude each other (`classes` and `recorded`) push each other out.
 */
export function merge(schema: Schema, base: Tree, over: Tree): Tree {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const rules = mapRules(schema);
  if (rules.merge === 'whole') return over;
  if (rules.merge === 'choice' && !sharesKey(base, over)) return over;
  const entries = new Map(base.entries);
  for (const name of over.entries.keys()) {
    for (const group of rules.exclusive) if (group.includes(name)) removeOthers(entries, group, over);
  }
  for (const [name, entry] of over.entries) {
    const before = entries.get(name);
    if (entry.value.kind === 'leaf' && entry.value.value === null) entries.delete(name);
    else if (before === undefined) entries.set(name, entry);
    else entries.set(name, { key: entry.key, value: merge(child(schema, name) as Schema, before.value, entry.value) });
  }
  return { kind: 'map', entries, place: over.place };
}

/** Takes away what excludes a new key, unless the override states it too (which is its own problem). */
function removeOthers(entries: Map<string, Entry>, group: readonly string[], over: Mapping): void {
  for (const other of group) if (!over.entries.has(other)) entries.delete(other);
}

function sharesKey(base: Mapping, over: Mapping): boolean {
  return [...over.entries.keys()].some((key) => base.entries.has(key));
}

/** A map without some of its keys. */
export function without(tree: Mapping, keys: readonly string[]): Mapping {
  return { ...tree, entries: new Map([...tree.entries].filter(([key]) => !keys.includes(key))) };
}
