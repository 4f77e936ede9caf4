import { closeSync, existsSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { fileError } from '../cli-error.js';

const READ_BYTES = 1 << 20;

/** A result file that grows cell by cell, out of sight until it is whole. */
export class PartFile {
  private readonly path: string;
  private readonly file: number;
  private end: number;

  constructor(path: string) {
    this.path = path;
    this.file = this.onDisk(() => openSync(path, existsSync(path) ? 'r+' : 'w+'));
    this.end = fstatSync(this.file).size;
  }

  get bytes(): number {
    return this.end;
  }

  /** Takes off what is beyond; false if there is less than that. */
  cutTo(bytes: number): boolean {
    if (bytes > this.end) return false;
    this.onDisk(() => ftruncateSync(this.file, bytes));
    this.end = bytes;
    return true;
  }

  append(text: string): void {
    const data = Buffer.from(text);
    this.onDisk(() => {
      for (let done = 0; done < data.length; ) {
        done += writeSync(this.file, data, done, data.length - done, this.end + done);
      }
    });
    this.end += data.length;
  }

  sync(): void {
    this.onDisk(() => fdatasyncSync(this.file));
  }

  /** Its bytes; the buffer is re-used. */
  *chunks(): Generator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let at = 0; at < this.end; ) {
      const count = readSync(this.file, buffer, 0, Math.min(READ_BYTES, this.end - at), at);
      if (count === 0) throw new Error(`${this.path} became shorter while it was read`);
      yield buffer.subarray(0, count);
      at += count;
    }
  }

  /** Its first lines, at most so many. */
  lines(most: number): string[] {
    let text = '';
    for (const chunk of this.chunks()) {
      text += Buffer.from(chunk).toString('utf8');
      if (text.split('\n').length > most) break;
    }
    return text
      .split('\n')
      .slice(0, most)
      .filter((line) => line !== '');
  }

  close(): void {
    closeSync(this.file);
  }

  private onDisk<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw fileError(error, `write ${this.path}`);
    }
  }
}
