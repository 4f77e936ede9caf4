import {
  asMap,
  branches,
  CODES,
  descriptionOf,
  fieldDoc,
  isFree,
  itemOf,
  mapRules,
  type Schema,
  writtenDefault,
} from '../../schema/index.js';
import { scenarioSchema } from '../schema/index.js';

/** Every key of a scenario file with meaning, what may be written and default, and every problem code, as Markdown. */
export function scenarioReference(): string {
  const page = new Page();
  page.describe('', scenarioSchema());
  const codes = Object.entries(CODES).map(([code, meaning]) => `| \`${code}\` | ${cell(meaning)} |`);
  return [
    '# Scenario files: keys and problem codes',
    '',
    'Made from the definition of the language by `npx tsx scripts/write-schema.ts`. `key[]` is an item of a list. A map',
    'marked *one of* has exactly one of its keys.',
    '',
    ...page.sections,
    ...page.distributions,
    '## Problem codes',
    '',
    '| code | meaning |',
    '|---|---|',
    ...codes,
    '',
  ].join('\n');
}

type AnySchema = Schema<unknown>;

class Page {
  readonly sections: string[];
  /** Sections on distributions: once for the whole page. */
  readonly distributions: string[];

  constructor() {
    this.sections = [];
    this.distributions = [];
  }

  describe(path: string, schema: AnySchema): void {
    const map = asMap(schema);
    if (map === null) return;
    if (!isDistribution(schema)) this.describeMap(path, schema, this.sections);
    else if (this.distributions.length === 0) this.describeMap('distribution', schema, this.distributions);
  }

  private describeMap(path: string, schema: AnySchema, out: string[]): void {
    const entries = keysOf(schema);
    if (entries.length > 0) {
      const oneOf = mapRules(schema).isChoice ? ' (one of)' : '';
      out.push(`## ${path === '' ? 'The file' : `\`${path}\``}${oneOf}`, '');
      out.push(isDistribution(schema) ? DISTRIBUTIONS : (asMap(schema)!.description ?? ''), '');
      out.push('| key | what may be written | default | meaning |', '|---|---|---|---|');
      for (const [key, inner] of entries) out.push(row(key, inner));
      out.push('');
    }
    for (const [key, inner] of entries) {
      const below = path === '' ? key : `${path}.${key}`;
      const items = branches(inner).flatMap((branch) => itemOf(branch) ?? []) as AnySchema[];
      if (out === this.distributions) {
        if (asMap(inner) !== null) this.describeMap(below, inner, out);
        for (const item of items) if (asMap(item) !== null) this.describeMap(`${below}[]`, item, out);
      } else {
        this.describe(below, inner);
        for (const item of items) this.describe(`${below}[]`, item);
      }
    }
  }
}

const DISTRIBUTIONS =
  'A random quantity, written as a map with one of these keys, e.g. `{lognormal: {mean: 40ms, p95: 120ms}}`; a bare value is constant. ' +
  'Where objects are counted, whole numbers take the place of durations.';

function isDistribution(schema: AnySchema): boolean {
  const { isChoice, merge } = mapRules(schema);
  return isChoice && merge === 'whole';
}

function keysOf(schema: AnySchema): [string, AnySchema][] {
  return Object.entries(asMap(schema)!.def.shape) as [string, AnySchema][];
}

function row(key: string, schema: AnySchema): string {
  const written = writtenDefault(schema);
  const standard = written === undefined ? '' : `\`${JSON.stringify(written)}\``;
  const forms = branches(schema).map((branch) => formOf(branch as AnySchema));
  const meanings = branches(schema).map((branch) => fieldDoc(branch)?.doc ?? descriptionOf(branch));
  const meaning = descriptionOf(schema) ?? meanings.filter((text) => text !== undefined).join(' / ');
  return `| \`${key}\` | ${cell(forms.join(', or '))} | ${standard} | ${cell(meaning)} |`;
}

function formOf(branch: AnySchema): string {
  const doc = fieldDoc(branch);
  if (doc !== null) return doc.expected;
  if (isDistribution(branch)) return 'a distribution';
  return asMap(branch) !== null || isFree(branch) ? 'a map' : 'a list';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
