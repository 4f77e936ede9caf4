import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { fileError } from '../cli-error.js';

/**
 * A file to which records are only ever added. A record that was cut short by a crash or a full disk is recognised by
 * its length and checksum, and with all after it taken off when the journal is opened again.
 */
export interface Journal {
  /** Bytes of all records. */
  readonly bytes: number;
  /** @throws CliError if the disk fails; the journal then ends with its last whole record */
  append(record: unknown): void;
  /** Makes everything that was appended survive a loss of power. */
  sync(): void;
  close(): void;
}

const HEAD_BYTES = 8;
const LONGEST_RECORD = 1 << 28;
/** How long a finished replication may be lost to a loss of power; not to the death of the process. */
const SYNC_MS = 1000;

/** Opens a journal and hands over what it holds. */
export function openJournal(path: string, found: (record: unknown) => void): Journal {
  return onDisk(path, () => {
    const file = openSync(path, existsSync(path) ? 'r+' : 'w+');
    const end = readRecords(file, found);
    ftruncateSync(file, end);
    return journalOf(path, file, end);
  });
}

/** Replaces a journal by one with other records, all at once. */
export function rewriteJournal(path: string, records: Iterable<unknown>): Journal {
  return onDisk(path, () => {
    const temporary = `${path}.new`;
    const file = openSync(temporary, 'w+');
    const journal = journalOf(path, file, 0);
    for (const record of records) journal.append(record);
    fsyncSync(file);
    renameSync(temporary, path);
    return journal;
  });
}

function journalOf(path: string, file: number, start: number): Journal {
  let end = start;
  let syncedMs = performance.now();
  let isSynced = true;
  const sync = (): void => {
    if (!isSynced) onDisk(path, () => fdatasyncSync(file));
    isSynced = true;
    syncedMs = performance.now();
  };
  return {
    get bytes() {
      return end;
    },
    append(record) {
      const data = packed(record);
      onDisk(path, () => {
        try {
          for (let done = 0; done < data.length; ) done += writeSync(file, data, done, data.length - done, end + done);
        } catch (error) {
          ftruncateSync(file, end);
          throw error;
        }
      });
      end += data.length;
      isSynced = false;
      if (performance.now() - syncedMs > SYNC_MS) sync();
    },
    sync,
    close() {
      closeSync(file);
    },
  };
}

function packed(record: unknown): Buffer {
  const body = serialize(record);
  const data = Buffer.allocUnsafe(HEAD_BYTES + body.length);
  data.writeUInt32LE(body.length, 0);
  data.writeUInt32LE(crc32(body), 4);
  body.copy(data, HEAD_BYTES);
  return data;
}

/** Returns the end of the last whole record. */
function readRecords(file: number, found: (record: unknown) => void): number {
  const { size } = fstatSync(file);
  const head = Buffer.alloc(HEAD_BYTES);
  let end = 0;
  while (end + HEAD_BYTES <= size) {
    readAll(file, head, end);
    const length = head.readUInt32LE(0);
    if (length > LONGEST_RECORD || end + HEAD_BYTES + length > size) break;
    const body = Buffer.alloc(length);
    readAll(file, body, end + HEAD_BYTES);
    if (crc32(body) !== head.readUInt32LE(4)) break;
    found(deserialize(body));
    end += HEAD_BYTES + length;
  }
  return end;
}

function readAll(file: number, into: Buffer, from: number): void {
  for (let done = 0; done < into.length; ) {
    const count = readSync(file, into, done, into.length - done, from + done);
    if (count === 0) throw new Error('the file became shorter while it was read');
    done += count;
  }
}

function onDisk<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileError(error, `write ${path}`);
  }
}
