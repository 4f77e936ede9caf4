import type { Stream } from '../../../../random/streams.js';
import type { ProcessId } from '../../../entities/ids.js';

/**
 * Workers that sleep until a connection comes, in the order in which they have registered for that: at first by their
 * numbers; a process that takes the place of another one registers after all others.
 */
export class Sleepers {
  /** By place in the order. */
  private readonly isAsleep: Uint8Array;
  private readonly workerAt: Int32Array;
  private readonly placeOf: Int32Array;

  /**
   * @param race null: a connection wakes one worker, the first that sleeps (EPOLLEXCLUSIVE). Else it wakes all of them, and
   *   who is scheduled first is drawn from it
   * @param wake told who wakes up, in the order in which they are scheduled
   */
  constructor(
    workers: number,
    private readonly race: Stream | null,
    private readonly wake: (worker: ProcessId) => void,
  ) {
    this.isAsleep = new Uint8Array(workers).fill(1);
    this.workerAt = Int32Array.from({ length: workers }, (_, w) => w);
    this.placeOf = Int32Array.from({ length: workers }, (_, w) => w);
  }

  has(worker: ProcessId): boolean {
    return this.isAsleep[this.placeOf[worker]!] === 1;
  }

  add(worker: ProcessId): void {
    this.isAsleep[this.placeOf[worker]!] = 1;
  }

  /** Nothing wakes it any more. */
  remove(worker: ProcessId): void {
    this.isAsleep[this.placeOf[worker]!] = 0;
  }

  /** A connection waits to be accepted. */
  wakeUp(): void {
    if (this.race !== null) {
      this.wakeAll(this.race);
      return;
    }
    const place = this.isAsleep.indexOf(1);
    if (place !== -1) this.wakeAt(place);
  }

  /** A new process in the worker's place registers for connections. It is awake. */
  registersLast(worker: ProcessId): void {
    const last = this.workerAt.length - 1;
    for (let place = this.placeOf[worker]!; place < last; place++) {
      const next = this.workerAt[place + 1]!;
      this.workerAt[place] = next;
      this.placeOf[next] = place;
      this.isAsleep[place] = this.isAsleep[place + 1]!;
    }
    this.workerAt[last] = worker;
    this.placeOf[worker] = last;
    this.isAsleep[last] = 0;
  }

  private wakeAll(race: Stream): void {
    const places = Array.from(this.isAsleep.keys()).filter((place) => this.isAsleep[place] === 1);
    while (places.length > 0) this.wakeAt(places.splice(Math.floor(race.uniform() * places.length), 1)[0]!);
  }

  private wakeAt(place: number): void {
    this.isAsleep[place] = 0;
    this.wake(this.workerAt[place]!);
  }
}
