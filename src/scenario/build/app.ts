import type { AppSpec } from '../../model/spec.js';
import { readDemands } from '../csv/recorded.js';
import type { AppText } from '../schema/app.js';
import { buildClasses } from './classes.js';
import type { BuildContext } from './context.js';

/** What the requests need. */
export function buildApp(app: AppText, context: BuildContext): AppSpec {
  const { findings } = context;
  if ((app.classes === undefined) === (app.recorded === undefined)) {
    const received = app.classes === undefined ? 'none' : 'both';
    findings.problem(['app'], {
      code: 'SCN_COMBINATION',
      message: `expected classes or recorded; received ${received}`,
      at: 'key',
    });
  }
  const residentObjects = app.resident_objects;
  if (app.recorded !== undefined) {
    const { file, order, repeat } = app.recorded;
    const read = context.fromFile(['app', 'recorded', 'file'], file, (table) => readDemands(table, order, repeat));
    const classes = (read?.classNames ?? []).map((name) => ({
      name,
      weight: 1,
      phases: [],
      allocatedObjects: 0,
      mallocBytes: 0,
    }));
    return { residentObjects, classes, recorded: read?.demands ?? null };
  }
  return { residentObjects, classes: buildClasses(app.classes ?? [], ['app', 'classes'], context), recorded: null };
}
