import type { Column } from '../columns.js';
import { circumstances, type ManifestContext, manifestText, SCHEMA_VERSION } from './manifest.js';

/** What the manifest of a sweep says besides where and when it was made. */
export interface SweepFacts {
  readonly scenario: string;
  readonly complete: boolean;
  readonly seed: number;
  readonly confidence: number;
  /** Of the whole grid. */
  readonly cells: number;
  /** Of this part of it. */
  readonly cellsDone: number;
  /** null: not split. */
  readonly shard: { readonly number: number; readonly of: number } | null;
  readonly factors: readonly (Column & { readonly path: string; readonly values: readonly string[] })[];
  /** The first cell with every default written out. */
  readonly resolved: unknown;
  /** Hashes of everything that decides the numbers; equal for parts that belong together. */
  readonly identity: Readonly<Record<string, string>>;
}

/** manifest.json of a sweep. Apart from the wall time, and on the same machine, the same for the same inputs. */
export function sweepManifest(facts: SweepFacts, context: ManifestContext): string {
  const content = {
    schema_version: SCHEMA_VERSION,
    tool: 'gvlsim',
    gvlsim_version: context.gvlsimVersion,
    command: context.command,
    scenario_name: facts.scenario,
    complete: facts.complete,
    seed: facts.seed,
    confidence_level: facts.confidence,
    cells: facts.cells,
    cells_done: facts.cellsDone,
    shard: facts.shard,
    factors: facts.factors.map(({ name, type, unit, path, values }) => ({ name, type, unit, path, values })),
    identity: facts.identity,
    notes: context.notes,
    first_cell: facts.resolved,
    ...circumstances(context),
  };
  return manifestText(content);
}
