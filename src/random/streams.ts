import alea from 'seedrandom/lib/alea.js';

/** One named source of uniform draws. */
export interface Stream {
  /** A draw in [0, 1) with 53 random bits. */
  uniform(): number;
}

/** Opens streams by name. The same name always gives the same draws, whatever else was opened before it. */
export interface Streams {
  open(name: string): Stream;
}

/** Draws made at a time. Measured at 20 to 4096 a batch: flat above 128; below, the call into alea dominates. */
const BATCH = 256;

/**
 * Draws in batches: filling an array in one tight loop keeps the generator's state in registers.
 * The sequence is that of the generator; how many draws are made ahead is invisible.
 */
class BatchedStream implements Stream {
  private readonly draws: Float64Array;
  private next: number;
  private readonly generator: () => number;

  constructor(seed: string) {
    this.draws = new Float64Array(BATCH);
    this.next = BATCH;
    this.generator = alea(seed).double;
  }

  uniform(): number {
    if (this.next === BATCH) this.refill();
    return this.draws[this.next++]!;
  }

  private refill(): void {
    const { draws, generator } = this;
    for (let k = 0; k < BATCH; k++) draws[k] = generator();
    this.next = 0;
  }
}

/**
 * Streams of one replication. The seed of a stream is (master seed, replication, name) and nothing else, so that
 * two configurations see the same customers (common random numbers).
 *
 * @param masterSeed whole number, as in the scenario
 * @param replication from 0
 */
export function createStreams(masterSeed: number, replication: number): Streams {
  return { open: (name) => new BatchedStream(`${masterSeed}/${replication}/${name}`) };
}
