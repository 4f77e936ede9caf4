import { NOBODY, type ProcessId } from '../../entities/ids.js';

/**
 * Finds the process with the fewest busy threads, the lowest index among equals: one bit set of processes for each
 * number of busy threads, so a choice looks at a word per 32 processes instead of at every process.
 */
export class ProcessesByLoad {
  private readonly busy: Int32Array;
  /** Bit set of the processes with b busy threads: words [b * words, (b + 1) * words). */
  private readonly sets: Int32Array;
  private readonly words: number;

  constructor(
    processes: number,
    private readonly threads: number,
  ) {
    this.busy = new Int32Array(processes);
    this.words = (processes + 31) >> 5;
    this.sets = new Int32Array(this.words * (threads + 1));
    for (let p = 0; p < processes; p++) this.flip(p);
  }

  /** NOBODY if all threads of all processes are busy. */
  leastBusy(): ProcessId {
    const end = this.words * this.threads;
    for (let k = 0; k < end; k++) {
      const word = this.sets[k]!;
      if (word !== 0) return ((k % this.words) << 5) + 31 - Math.clz32(word & -word);
    }
    return NOBODY;
  }

  /** The process has one busy thread more (+1) or less (-1). */
  change(process: ProcessId, by: 1 | -1): void {
    this.flip(process);
    this.busy[process]! += by;
    this.flip(process);
  }

  private flip(process: ProcessId): void {
    this.sets[this.busy[process]! * this.words + (process >> 5)]! ^= 1 << (process & 31);
  }
}
