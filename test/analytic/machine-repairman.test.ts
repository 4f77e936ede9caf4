import { describe, it } from 'vitest';
import { PhaseKind } from '../../src/model/phases.js';
import type { GvlPolicyName } from '../../src/model/spec.js';
import { createConstant, createExponential, createUniform } from '../../src/random/distributions/index.js';
import { machineRepairman } from '../../src/statistics/formulas/closed.js';
import { ms } from '../support/phases.js';
import { expectAgreement, steadyState } from '../support/replications.js';
import { idealServer, world } from '../support/worlds.js';

const CPU_NS = ms(5);
const IO_NS = ms(20);
const RUN_NS = ms(20_000);

/** N threads go round for ever: CPU under the lock, then I/O. */
function check(threads: number, gvl: GvlPolicyName, io = createExponential(IO_NS)): void {
  const spec = world({
    server: idealServer(1, threads),
    gvl,
    phases: [
      [PhaseKind.Cpu, createExponential(CPU_NS)],
      [PhaseKind.Io, io],
    ],
    load: { kind: 'closed', users: threads, think: createConstant(0), keepAlive: true },
  });
  const runs = steadyState(spec, RUN_NS);
  const theory = machineRepairman(threads, IO_NS, CPU_NS);
  expectAgreement(
    runs.map(({ throughputPerNs }) => throughputPerNs),
    theory.throughput,
  );
  if (idleSpells(threads, theory.utilisation) < 10) return;
  expectAgreement(
    runs.map(({ gvlUtilisation }) => gvlUtilisation),
    theory.utilisation,
  );
}

/** How often the lock is idle in one run: with fewer than 10 times its utilisation has no normal distribution. */
function idleSpells(threads: number, utilisation: number): number {
  const spellNs = IO_NS / threads; // until the first of N threads is back from its I/O
  return ((1 - utilisation) * RUN_NS) / spellNs;
}

describe('one lock, N threads with exponential CPU bursts and I/O: the machine repairman', () => {
  it.each(Array.from({ length: 16 }, (_, k) => k + 1))('N = %i, strict FIFO', (threads) => {
    check(threads, 'fifo-ticks');
  });

  describe.each(['barging-deadline', 'hot-thread', 'cpython'] as const)(
    'the order of service does not matter: %s',
    (gvl) => {
      it.each([2, 5, 10])('N = %i', (threads) => {
        check(threads, gvl);
      });
    },
  );

  it.each([3, 8])('N = %i, insensitive to the distribution of the I/O', (threads) => {
    check(threads, 'fifo-ticks', createConstant(IO_NS));
    check(threads, 'fifo-ticks', createUniform(0, 2 * IO_NS));
  });
});
