import type { MemorySpec, TextbookMemorySpec } from '../../model/memory-spec.js';
import type { ScenarioText } from '../schema/index.js';
import type { BuildContext } from './context.js';

/** Memory of the processes: off, by the textbook's sum, or from its mechanisms. */
export function buildMemory({ app: { memory }, host }: ScenarioText, { findings }: BuildContext): MemorySpec {
  if (memory === undefined) {
    if (host.memory !== undefined) {
      findings.warning(['host', 'memory'], {
        code: 'SCN_MEMORY',
        message: 'memory is not simulated without app.memory; this figure changes nothing',
        at: 'key',
      });
    }
    return { kind: 'off' };
  }
  const copyOnWrite = memory.copy_on_write;
  if (copyOnWrite === undefined) return { kind: 'off' };
  if (memory.static === undefined || memory.processing === undefined) {
    findings.problem(['app', 'memory', 'copy_on_write'], {
      code: 'SCN_COMBINATION',
      message: 'the textbook sum needs static and processing',
      at: 'key',
    });
  }
  return textbook(memory.static ?? 0, memory.processing ?? 0, copyOnWrite);
}

function textbook(
  staticBytes: number,
  processingBytes: number,
  copyOnWrite: TextbookMemorySpec['copyOnWrite'],
): MemorySpec {
  return { kind: 'textbook', staticBytes, processingBytes, copyOnWrite };
}
