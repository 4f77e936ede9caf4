import type { Figure } from './figures.js';

export const REASONS = {
  race: 'On 3.1 it depends on who is first after a forced switch whether the deadline of 100 ms is renewed: the thread that gave way, back from its condition variable, or the sleeper, back at sleep. Both were measured: waits of 100 ms minus the sleep, and 100.3 ms whatever the sleep in another run, at a load of 4. With a wake-up of 45 us and I/O calls of 50 us the model is in the first case; with I/O calls shorter than a wake-up it is in the second (a test shows it). Waits after the deadline has passed and after short sleeps lack some 0.3 ms.',
  asleep:
    'Every hand-off on two cores takes 30 us if the next owner has slept for less than 200 us, wherever it is. With four threads on two cores half of the hand-offs presumably stay on a core, where they take 2.3 us: with that the four rows of four threads would be met or nearly. T4: on 3.1, next to one hog, 5 us instead of 30 give 410 calls instead of 2399. The row of 12 us and two threads is one run of a test whose repeats differ by up to a factor of two.',
  convoy:
    'Four threads on one core come to queue all at once, and from then on each call is a hand-off of 2.28 us; measured, such a queue dissolves again, two calls of three being none. For two threads with 8 us of work the simulated figure is 0.01 us below the measured median.',
  free: 'A call that returns at once has no cost of its own in the lock: it belongs to the CPU time of whoever makes it. The loops above are given it as measured for one thread.',
  bargers:
    'On 3.1 a thread that is back at once takes the lock before the waiter it has woken. In the model it always does; measured, it loses about one release in twenty, which counts where nobody asks it for the lock (two hogs and more), and next to one hog it now and then gets a second or third turn before the hog has it back. By which interleaving was not found.',
  futex:
    'A release that wakes a waiter presumably costs the releaser a system call, and both threads a contended mutex; the model does not charge it. Each figure is one run; repeats of such figures differ by up to a factor of two (T5, T6 on 3.3).',
  exact:
    'Bursts, sleeps and hand-offs have exact lengths here, real ones vary by 0.1 ms and more when the machine does other work, so that threads drift against each other and the tail grows. Where the tail is made by the lock (3.1, k = 2 to 5, p95 and p99) it is met, but for the p99 of two threads, which lies between the measured p95 and the maximum of 21.7 ms. The 203.3 ms are one more turn of the hog, seen as a maximum only.',
} as const;

export type Reason = keyof typeof REASONS;

/** What the model says where that is not what was measured. */
export interface KnownDifference {
  readonly simulated: number;
  readonly reason: Reason;
}

export const keyOf = ({ ruby, cores, source, name }: Figure): string => `${ruby}, ${cores}, ${source}: ${name}`;

export const KNOWN_DIFFERENCES: Readonly<Record<string, KnownDifference>> = {
  '3.1, 2, first: T1 wait after sleep 1 ms': { simulated: 99.05, reason: 'race' },
  '3.1, 2, first: T1 wait after sleep 120 ms': { simulated: 0.13, reason: 'race' },
  '3.1, 2, first: T1 wait after any sleep, loaded': { simulated: 70.05, reason: 'race' },
  '3.1, 2, first: T4 trips in 2 s next to 1 hog': { simulated: 2399, reason: 'asleep' },
  '3.1, 2, first: T4c {0.5 ms; trip} next to 1 hog': { simulated: 100.1, reason: 'bargers' },
  '3.1, 2, first: T4e {0.5 ms; trip} next to 2 hogs': { simulated: 2.47, reason: 'bargers' },
  '3.1, 2, first: T5 trip without contention': { simulated: 0, reason: 'free' },
  '3.3, 2, first: T5 trip without contention': { simulated: 0, reason: 'free' },
  '3.1, 2, first: T6 trips of 2 threads': { simulated: 0.73, reason: 'futex' },
  '3.1, 2, first: T6 trips of 4 threads': { simulated: 0.49, reason: 'futex' },
  '3.3, 2, first: T6 trips of 4 threads': { simulated: 30.41, reason: 'asleep' },
  '3.1, 2, first: T6b {12 us; trip} of 2 threads': { simulated: 19.2, reason: 'futex' },
  '3.1, 2, first: T6b {12 us; trip} of 4 threads': { simulated: 13.2, reason: 'futex' },
  '3.3, 2, first: T6b {12 us; trip} of 2 threads': { simulated: 41.7, reason: 'asleep' },
  '3.3, 2, first: T6b {12 us; trip} of 4 threads': { simulated: 41.71, reason: 'asleep' },
  '3.3, 2, second: {8 us; trip} of 4 threads': { simulated: 38.43, reason: 'asleep' },
  '3.3, 1, second: trips of 4 threads': { simulated: 2.66, reason: 'convoy' },
  '3.3, 1, second: {8 us; trip} of 2 threads': { simulated: 8.5, reason: 'convoy' },
  '3.1, 2, first: T7 k = 2 {6; 3} p99': { simulated: 20.9, reason: 'exact' },
  '3.1, 2, first: T7 k = 5 {6; 30} p90': { simulated: 36.15, reason: 'exact' },
  '3.1, 2, first: T7 k = 5 {6; 30} p99': { simulated: 36.15, reason: 'exact' },
  '3.3, 2, first: T7 k = 2 {6; 3} p95': { simulated: 12.14, reason: 'exact' },
  '3.3, 2, first: T7 k = 2 {6; 3} p99': { simulated: 12.14, reason: 'exact' },
  '3.3, 2, first: T7 k = 3 {6; 3} p95': { simulated: 18.22, reason: 'exact' },
  '3.3, 2, first: T7 k = 3 {6; 3} p99': { simulated: 18.22, reason: 'exact' },
  '3.3, 2, first: T7 k = 5 {6; 3} p95': { simulated: 30.36, reason: 'exact' },
  '3.3, 2, first: T7 k = 5 {6; 3} p99': { simulated: 30.36, reason: 'exact' },
  '3.3, 2, first: T7 k = 5 {6; 30} p90': { simulated: 36.13, reason: 'exact' },
  '3.3, 2, first: T7 k = 5 {6; 30} p99': { simulated: 36.13, reason: 'exact' },
  '3.1, 2, first: T7h hog + 1 {2; 5} p95': { simulated: 100.1, reason: 'exact' },
  '3.1, 2, first: T7h hog + 1 {2; 5} max': { simulated: 100.1, reason: 'exact' },
  '3.1, 2, first: T7h hog + 3 {2; 5} p95': { simulated: 100.1, reason: 'exact' },
  '3.1, 2, first: T7h hog + 3 {2; 5} max': { simulated: 100.1, reason: 'exact' },
  '3.3, 2, first: T7h hog + 1 {2; 5} max': { simulated: 101, reason: 'exact' },
};
