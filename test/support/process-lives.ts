/** What happens to the processes of a server from outside, at random. */
import fc from 'fast-check';
import { Rank } from '../../src/kernel/ranks.js';
import type { Nanos } from '../../src/kernel/time.js';
import type { Bench } from '../../src/model/bench.js';
import { ProcessState } from '../../src/model/processes/processes.js';
import { length } from './arbitraries.js';

export interface Blow {
  readonly afterNs: Nanos;
  readonly process: number;
  readonly what: 'start' | 'kill' | 'drain' | 'quiet';
  readonly afterwards: 'replaced' | 'absent';
  readonly withinNs: Nanos;
}

/** Up to 12, one after the other; the process is to be taken modulo the number of places. */
export const blows: fc.Arbitrary<Blow[]> = fc.array(
  fc.record({
    afterNs: length,
    process: fc.nat({ max: 5 }),
    what: fc.constantFrom('start', 'kill', 'drain', 'quiet'),
    afterwards: fc.constantFrom('replaced', 'absent'),
    withinNs: fc.oneof(length, fc.constant(Number.POSITIVE_INFINITY)),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Arms all of them; after the last one every process is started that is not there. */
export function strike(bench: Bench, list: readonly Blow[]): void {
  const { kernel } = bench;
  const processes = bench.processes!;
  let atNs = 0;
  const at = (act: () => void): void => kernel.arm(kernel.timer(kernel.define('test.blow', Rank.Timer, act), 0), atNs);
  for (const { afterNs, process, what, afterwards, withinNs } of list) {
    const place = process % processes.count;
    atNs += afterNs;
    at(() => {
      if (what === 'start') processes.start(place);
      else if (what === 'quiet') processes.quiet(place);
      else if (what === 'kill') processes.kill(place, afterwards);
      else processes.drain(place, afterwards, withinNs);
    });
  }
  processes.watch({ gone: (process) => restart(process) });
  let isOver = false;
  const restartTimers = Array.from({ length: processes.count }, (_, process) => {
    const start = kernel.define('test.start', Rank.Timer, () => processes.start(process));
    return kernel.timer(start, process);
  });
  const restart = (process: number): void => {
    if (isOver) kernel.arm(restartTimers[process]!, kernel.nowNs());
  };
  atNs++;
  at(() => {
    isOver = true;
    for (let process = 0; process < processes.count; process++) {
      if (processes.stateOf(process) === ProcessState.Serving) processes.drain(process, 'replaced'); // it may be quiet
      processes.start(process);
    }
  });
}
