import type { ReplicationMemory } from '../files/replication-memory.js';
import type { CellExecutor } from './cell-executor.js';

/** An executor that does not run again what is in the memory, and adds to it what it runs. */
export function remembering(executor: CellExecutor, memory: ReplicationMemory): CellExecutor {
  return {
    slots: executor.slots,
    run: async (cell, task, isStopped) => {
      const key = JSON.stringify([cell.settings, task]);
      const known = memory.take(key);
      if (known !== undefined) return known;
      const result = await executor.run(cell, task, isStopped);
      memory.add(key, result);
      return result;
    },
    close: () => executor.close(),
  };
}
