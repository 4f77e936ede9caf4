import type { Nanos } from '../../../kernel/time.js';
import type { Thread } from '../../entities/thread.js';
import type { Collector } from '../../gc/collector.js';

/**
 * For how long threads that allocate from one heap can run until one of them must collect, each of them for the same time [whole ns of
 * Ruby code]; at least `leftNs`, and what the others are running, if the heap has room for that.
 *
 * @param leftNs what the thread has before it
 * @param others threads that run a piece of `pieceNs` already, booked up to now
 */
export function mostOfEach(collector: Collector, thread: Thread, leftNs: Nanos, others: Iterable<Thread>): Nanos {
  let longestNs = leftNs;
  let threads = 1;
  let objectsPerNs = thread.objectsPerNs;
  let mallocBytesPerNs = thread.mallocBytesPerNs;
  for (const other of others) {
    longestNs = Math.max(longestNs, other.pieceNs);
    threads++;
    objectsPerNs += other.objectsPerNs;
    mallocBytesPerNs += other.mallocBytesPerNs;
  }
  const [objects, bytes] = [objectsPerNs * longestNs, mallocBytesPerNs * longestNs];
  const fraction = collector.runnableFraction(thread.process, threads * longestNs, objects, bytes);
  return fraction < 1 ? Math.floor(longestNs * fraction) : longestNs;
}

/** What the piece of the thread pays to lazy sweeping, which it shares with those that run already. */
export function shareOfSteps(collector: Collector, thread: Thread, others: Iterable<Thread>): Nanos {
  let objects = thread.pieceNs * thread.objectsPerNs;
  let paidNs = 0;
  for (const other of others) {
    objects += other.pieceNs * other.objectsPerNs;
    paidNs += other.pieceGcNs;
  }
  return Math.max(0, collector.stepCostNs(thread.process, objects) - paidNs);
}
