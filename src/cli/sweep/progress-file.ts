import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ReplicationResult } from '../../experiment/result.js';
import { CliError } from '../cli-error.js';
import { journalPath, stateFolder } from '../files/claim-directory.js';
import { differences, type Identity } from '../files/identity.js';
import { type Journal, openJournal, rewriteJournal } from '../files/journal.js';
import type { Lock } from '../files/lock.js';
import { PartFile } from './part-file.js';

/** What is made here, as messages and the folder of its state name it. */
export const SWEEP = 'sweep';
/** Rows of sweep.csv, of cells.csv, and of the table that is shown. */
export const PARTS = ['sweep.part', 'cells.part', 'shown.part'] as const;
/** The journal is written anew, without what is no longer needed, when it has grown by this. */
const ROTATE_BYTES = 32 << 20;

type Entry =
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'replication'; readonly cell: number; readonly task: string; readonly result: ReplicationResult }
  | { readonly kind: 'delivered'; readonly position: number; readonly texts: readonly TextMark[] };

/** How long a part is after a cell, and the checksum of what the cell has added. */
interface TextMark {
  readonly end: number;
  readonly crc: number;
}

/**
 * An unfinished sweep on disk: the rows of the first cells in part files, and in a journal every finished replication
 * of the others.
 */
export class ProgressFile {
  /** Cells whose rows are in the part files, counted in the order of the sweep. */
  delivered: number;
  readonly parts: readonly PartFile[];
  private readonly directory: string;
  private readonly identity: Identity;
  private readonly lock: Lock;
  private journal: Journal;
  private rotated: number;
  /** Replications of cells that are not delivered, by cell and task. */
  private readonly known: Map<number, Map<string, ReplicationResult>>;
  private readonly marks: TextMark[][];

  /**
   * @param shown the result directory as the user knows it
   * @param lock of this directory; released at the end
   * @throws CliError if what is there is another sweep
   */
  constructor(shown: string, lock: Lock, identity: Identity, cellAt: (position: number) => number) {
    this.directory = stateFolder(shown, SWEEP);
    this.identity = identity;
    this.lock = lock;
    try {
      this.known = new Map();
      this.marks = [];
      this.delivered = 0;
      this.rotated = 0;
      let found: Identity | null = null;
      const replications: Extract<Entry, { kind: 'replication' }>[] = [];
      this.journal = openJournal(journalPath(shown, SWEEP), (record) => {
        const entry = record as Entry;
        if (entry.kind === 'identity') found = entry.identity;
        else if (entry.kind === 'replication') replications.push(entry);
        else this.marks[entry.position] = [...entry.texts];
      });
      if (found === null) this.journal.append({ kind: 'identity', identity } satisfies Entry);
      else this.require(found, shown);
      this.parts = PARTS.map((name) => new PartFile(join(this.directory, name)));
      this.delivered = this.verified();
      this.marks.length = this.delivered;
      const undelivered = new Set<number>();
      for (const { cell, task, result } of replications) {
        this.cellResults(cell).set(task, result);
        undelivered.add(cell);
      }
      for (let position = 0; position < this.delivered; position++) this.known.delete(cellAt(position));
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  result(cell: number, task: string): ReplicationResult | undefined {
    return this.known.get(cell)?.get(task);
  }

  /** Number of finished replications that are kept for cells that are not delivered. */
  get kept(): number {
    let count = 0;
    for (const results of this.known.values()) count += results.size;
    return count;
  }

  finished(cell: number, task: string, result: ReplicationResult): void {
    this.journal.append({ kind: 'replication', cell, task, result } satisfies Entry);
    this.cellResults(cell).set(task, result);
  }

  /** Adds the rows of the next cell to the parts, one text for each. */
  deliver(cell: number, texts: readonly string[]): void {
    const marks = texts.map((text, k) => {
      this.parts[k]!.append(text);
      return { end: this.parts[k]!.bytes, crc: crc32(text) };
    });
    const position = this.delivered++;
    this.marks[position] = marks;
    this.journal.append({ kind: 'delivered', position, texts: marks } satisfies Entry);
    this.known.delete(cell);
    if (this.journal.bytes > this.rotated + ROTATE_BYTES) this.rotate();
  }

  /** Makes all of it survive a loss of power. */
  sync(): void {
    for (const part of this.parts) part.sync();
    this.journal.sync();
  }

  /** There is something to go on with. */
  get hasSomething(): boolean {
    return this.delivered > 0 || this.known.size > 0;
  }

  /** Leaves it as it is, for the next process. */
  release(): void {
    this.lock.release();
  }

  close(): void {
    this.journal.close();
    for (const part of this.parts) part.close();
    this.lock.release();
  }

  /** The sweep is written: nothing of this is needed any more. */
  remove(): void {
    this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private cellResults(cell: number): Map<string, ReplicationResult> {
    let results = this.known.get(cell);
    if (results === undefined) {
      results = new Map();
      this.known.set(cell, results);
    }
    return results;
  }

  private require(found: Identity, shown: string): void {
    const different = differences(found, this.identity);
    if (different.length === 0) return;
    const what = `${shown} holds an unfinished sweep of another kind; different: ${different.join(', ')}`;
    throw new CliError(what, '--force starts anew, --out names another directory');
  }

  /** How many cells are in the parts as they were written; what is beyond is cut off. */
  private verified(): number {
    const checks = this.parts.map((part, k) =>
      checked(
        part,
        this.marks.map((marks) => marks[k]!),
      ),
    );
    const count = Math.min(...checks);
    for (const [k, part] of this.parts.entries()) part.cutTo(count === 0 ? 0 : this.marks[count - 1]![k]!.end);
    return count;
  }

  private rotate(): void {
    this.sync();
    this.journal.close();
    this.journal = rewriteJournal(join(this.directory, 'journal'), this.entries());
    this.rotated = this.journal.bytes;
  }

  private *entries(): Generator<Entry> {
    yield { kind: 'identity', identity: this.identity };
    for (const [position, texts] of this.marks.entries()) yield { kind: 'delivered', position, texts };
    for (const [cell, results] of this.known) {
      for (const [task, result] of results) yield { kind: 'replication', cell, task, result };
    }
  }
}

/** How many of the marks fit what is in the part. */
function checked(part: PartFile, marks: readonly (TextMark | undefined)[]): number {
  let count = 0;
  let at = 0;
  let crc = 0;
  for (const chunk of part.chunks()) {
    for (let from = 0; from < chunk.length; ) {
      const mark = marks[count];
      if (mark === undefined) return count;
      const to = Math.min(chunk.length, from + mark.end - at);
      crc = crc32(chunk.subarray(from, to), crc);
      at += to - from;
      from = to;
      if (at < mark.end) break;
      if (crc !== mark.crc) return count;
      crc = 0;
      count++;
    }
  }
  return count;
}
