import { join } from 'node:path';
import type { Column } from '../../report/columns.js';
import { factorColumn } from '../../report/outputs/sweep.js';
import type { SweepFacts } from '../../report/outputs/sweep-manifest.js';
import type { MergeArgs } from '../arguments/options.js';
import { CliError, fileError } from '../cli-error.js';
import { Exit } from '../exit-codes.js';
import { isUnfinished } from '../files/claim-directory.js';
import { differences, type Identity } from '../files/identity.js';
import { existingEntries, makeDirectory, readManifest, requireReplaceable } from '../files/out-directory.js';
import type { Shard } from '../sweep/identity.js';
import { cellRowsOf } from '../sweep/merge-rows.js';
import { SWEEP } from '../sweep/progress-file.js';
import { writeSweep } from '../sweep/write-result.js';
import { printNote } from '../terminal.js';

/** `gvlsim merge DIR...`: puts the parts of a sweep together. */
export async function merge(args: MergeArgs): Promise<number> {
  const { out } = args;
  if (out === undefined) throw new CliError('--out is missing', '--out DIR names the directory for the whole');
  const parts = args.directories.map(readPart);
  requireWhole(parts);
  const entries = existingEntries(out).filter((name) => !/^shard-\d+-of-\d+$/.test(name));
  requireReplaceable(out, entries, null, { force: args.force, replaces: null });
  const ordered = [...parts].sort((a, b) => a.shard.number - b.shard.number);
  const first = ordered[0]!;
  const facts: SweepFacts = { ...first.facts, cellsDone: first.facts.cells, shard: null };
  const wallTimeSec = ordered.reduce((sum, part) => sum + part.wallTimeSec, 0);
  const body = (file: string): Iterable<string | Uint8Array> =>
    cellRowsOf(
      ordered.map(({ path }) => join(path, file)),
      facts.cells,
    );
  try {
    makeDirectory(out);
  } catch (error) {
    throw fileError(error, `write to ${out}`);
  }
  writeSweep(out, facts, first.factors, [body('sweep.csv'), body('cells.csv')], wallTimeSec);
  if (!args.quiet) printNote(`wrote ${out}/: ${facts.cells} cells of ${parts.length} parts`);
  return Exit.Ok;
}

interface Part {
  readonly path: string;
  readonly shard: Shard;
  readonly facts: SweepFacts;
  readonly factors: readonly Column[];
  readonly wallTimeSec: number;
}

function readPart(path: string): Part {
  const manifest = readManifest(join(path, 'manifest.json'));
  if (manifest === null || manifest.content.command !== 'sweep') {
    const isBegun = isUnfinished(path, SWEEP);
    const why = isBegun ? 'is an unfinished part of a sweep' : 'holds no part of a sweep';
    throw new CliError(
      `${path} ${why}`,
      isBegun ? 'finish it: gvlsim sweep ... --resume' : 'made by gvlsim sweep --shard',
    );
  }
  const content = manifest.content as Record<string, unknown> & {
    factors: { name: string; type: 'number' | 'string'; unit: string; path: string; values: string[] }[];
  };
  if (content.complete !== true) {
    throw new CliError(`${path} is not complete`, 'finish it: gvlsim sweep ... --resume');
  }
  const factors = content.factors.map(({ name, type, unit, path: field }) => factorColumn(name, type, unit, field));
  return {
    path,
    shard: (content.shard as Shard | null) ?? { number: 1, of: 1 },
    factors,
    wallTimeSec: Number(content.wall_time_s),
    facts: {
      scenario: String(content.scenario_name),
      complete: true,
      seed: Number(content.seed),
      confidence: Number(content.confidence_level),
      cells: Number(content.cells),
      cellsDone: Number(content.cells_done),
      shard: null,
      factors: factors.map((column, k) => ({ ...column, ...content.factors[k]! })),
      resolved: content.first_cell,
      identity: content.identity as Identity,
    },
  };
}

/** @throws CliError if the parts are of different sweeps, or do not make one whole */
function requireWhole(parts: readonly Part[]): void {
  const first = parts[0]!;
  const holders = new Map<number, string>();
  for (const { path, shard, facts } of parts) {
    const different = differences(first.facts.identity, facts.identity);
    if (different.length > 0) {
      const what = different.join(', ');
      throw new CliError(`${path} is of another sweep than ${first.path}; different: ${what}`);
    }
    if (shard.of !== first.shard.of) {
      throw new CliError(`${path} is one of ${shard.of} parts, ${first.path} one of ${first.shard.of}`);
    }
    const other = holders.get(shard.number);
    if (other !== undefined) throw new CliError(`${path} and ${other} are the same part, ${shard.number}/${shard.of}`);
    holders.set(shard.number, path);
  }
  const { of } = first.shard;
  const missing = Array.from({ length: of }, (_, k) => k + 1).filter((number) => !holders.has(number));
  if (missing.length === 0) return;
  const shown = missing.slice(0, 10).map((number) => `${number}/${of}`);
  const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
  throw new CliError(`missing: ${shown.join(', ')}${more}`, 'gvlsim sweep ... --shard makes them');
}
