import { rmSync } from 'node:fs';
import type { ReplicationResult } from '../../experiment/result.js';
import { CliError } from '../cli-error.js';
import { journalPath, stateFolder } from './claim-directory.js';
import { differences, type Identity } from './identity.js';
import { type Journal, openJournal } from './journal.js';

type Entry =
  | { readonly kind: 'identity'; readonly identity: Identity }
  | { readonly kind: 'replication'; readonly key: string; readonly result: ReplicationResult };

/** The finished replications of unfinished work, on disk: each is there before anything is made of it. */
export class ReplicationMemory {
  /** Replications on disk. */
  kept: number;
  private readonly folder: string;
  private readonly identity: Identity;
  private readonly journal: Journal;
  /** Those of an earlier attempt, until they are asked for. */
  private readonly known: Map<string, ReplicationResult>;

  /**
   * @param directory of the result; it must be claimed
   * @param noun e.g. `search`
   * @throws CliError if what is there is of other work
   */
  constructor(directory: string, noun: string, identity: Identity) {
    this.kept = 0;
    this.folder = stateFolder(directory, noun);
    this.identity = identity;
    this.known = new Map();
    let found: Identity | null = null;
    this.journal = openJournal(journalPath(directory, noun), (record) => {
      const entry = record as Entry;
      if (entry.kind === 'identity') found = entry.identity;
      else this.known.set(entry.key, entry.result);
    });
    this.kept = this.known.size;
    const different = found === null ? [] : differences(found, identity);
    if (different.length === 0) return;
    this.journal.close();
    const what = `${directory} holds an unfinished ${noun} of another kind; different: ${different.join(', ')}`;
    throw new CliError(what, '--force starts anew, --out names another directory');
  }

  /** What an earlier attempt has found, if it came as far. Nothing is asked for twice. */
  take(key: string): ReplicationResult | undefined {
    const result = this.known.get(key);
    this.known.delete(key);
    return result;
  }

  add(key: string, result: ReplicationResult): void {
    if (this.journal.bytes === 0) this.journal.append({ kind: 'identity', identity: this.identity } satisfies Entry);
    this.journal.append({ kind: 'replication', key, result } satisfies Entry);
    this.kept++;
  }

  /** Leaves it for the next attempt. */
  close(): void {
    this.journal.sync();
    this.journal.close();
  }

  /** The results are written: nothing of this is needed any more. */
  remove(): void {
    this.journal.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
