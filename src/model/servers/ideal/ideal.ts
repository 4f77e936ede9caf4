import type { ServerType } from '../server.js';
import { IdealServer } from './ideal-server.js';
import { OperatedIdeal } from './operated-ideal.js';
import { type IdealParams, idealParams } from './params.js';
import { ractorProblems } from './ractor-problems.js';

export const ideal: ServerType<IdealParams> = {
  name: 'ideal',
  languages: ['ruby', 'python'],
  canRestart: true,
  runsRack: true,
  params: idealParams,
  slots: ({ processes, ractors, threads }) => ({ processes: processes * ractors, threads }),
  check: ({ ractors }, system) => (ractors > 1 ? ractorProblems(system) : []),
  assemble: (params, site) => (site.isOperated ? new OperatedIdeal(params, site) : new IdealServer(params, site)),
};
