import { setFlagsFromString } from 'node:v8';

/** Inline more; see `tuneEngine`. */
const INLINING = [
  '--max-inlined-bytecode-size-cumulative=3000',
  '--max-inlined-bytecode-size=1000',
  '--min-inlining-frequency=0.02',
];
const HEAP_GROWTH = '--heap-growing-percent=300';
const COMPILE_LATER = '--interrupt-budget=400000';

/** Settings by major version of Node: one that an engine does not know it reports on stderr, at every start. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  20: [...INLINING, HEAP_GROWTH, COMPILE_LATER],
  22: [...INLINING, HEAP_GROWTH],
  24: [...INLINING, HEAP_GROWTH],
};

/**
 * Settings of Node's JavaScript engine. Speed only; results are the same. To be called before the first function gets
 * hot; worker threads share them. A version of Node that is not listed keeps its own.
 *
 * The compiler may inline more into one function than it does by default (920 and 460 bytes of bytecode). An event passes a dozen
 * small methods of kernel, core, lock and server; by default it runs out of budget half-way, and what is not inlined
 * costs a call and new checks of every object. Measured on the benchmark model: 840 -> 761 ns a request. It may inline what is called once
 * in fifty times, not only from once in seven: 890 -> 790 ns at 2 x 5 threads and no difference at 64 x 5 (medians of six runs in turns, Node 20),
 * 3 % less CPU time in `compare` of the README, a few per cent on Node 22, nothing on Node 24.
 *
 * It waits longer before it compiles (400,000 instead of 67,584 bytes of bytecode executed; Node 20 only, later ones count calls
 * instead), so that it has seen more of what a function meets: in a sweep of 80 runs 456 compilations of 2.9 s instead of 856
 * of 4.8 s, most of them on another core, which is what worker threads compete for. `compare` of the README: 19.9 ->
 * 17.7 s of CPU time.
 *
 * The heap may grow to four times what is alive, some 25 MB, before it is marked again: otherwise the arrays of two
 * short runs are enough to start that, three times a second, again on another core. 32 -> 4 collections in 22 s.
 */
export function tuneEngine(): void {
  const major = process.versions.node.split('.')[0]!;
  for (const flag of FLAGS[major] ?? []) setFlagsFromString(flag);
}
