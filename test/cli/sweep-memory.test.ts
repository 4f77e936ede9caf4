import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDirectory } from '../../src/cli/files/claim-directory.js';
import { openSweep } from '../../src/cli/load.js';
import { openCellExecutor } from '../../src/cli/running/cell-executor.js';
import { cellAt, WHOLE } from '../../src/cli/sweep/identity.js';
import { ProgressFile, SWEEP } from '../../src/cli/sweep/progress-file.js';
import { runSweep } from '../../src/cli/sweep/run-sweep.js';
import { SMALL, temporaryFolder } from './gvlsim.js';

const CELLS = 60;
const MANY = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 20, replications: 2')}
sweep:
  load.open.rate: {from: 20/s, to: 60/s, steps: ${CELLS}}
`;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('a sweep in memory', () => {
  it('keeps the results of the cells that are under way, however many are done', async () => {
    const request = { source: { file: 'many.yml', text: MANY }, set: [], overrides: {} };
    const { plan } = openSweep(request);
    const directory = join(folder.path, 'out');
    const lock = claimDirectory(
      directory,
      { noun: SWEEP, scenario: 'many' },
      { force: false, resume: false, out: directory },
    );
    const progress = new ProgressFile(directory, lock, {}, (position) => cellAt(WHOLE, position));
    const executor = await openCellExecutor(request, 1);
    let mostKept = 0;
    let simulated = 0;
    const isDone = await runSweep({
      plan: plan!,
      shard: WHOLE,
      metrics: ['latency_ms'],
      executor,
      progress,
      isStopped: () => {
        mostKept = Math.max(mostKept, progress.kept);
        return false;
      },
      simulated: () => {
        simulated++;
      },
    });
    expect([isDone, progress.delivered, simulated]).toEqual([true, CELLS, 2 * CELLS]);
    expect(mostKept).toBeGreaterThan(0);
    // Sixteen cells may be begun, of two replications each.
    expect(mostKept).toBeLessThanOrEqual(2 * 16);
    expect(progress.kept).toBe(0);
    progress.remove();
  });
});
