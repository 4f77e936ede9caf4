/** Every kind of CSV file that gvlsim writes. */
export type { Column, ColumnType, Table } from './columns.js';

import type { Table } from './columns.js';
import { BEST } from './outputs/best.js';
import { CLAIMS } from './outputs/claims.js';
import { COMPARISON } from './outputs/comparison.js';
import { MEMORY } from './outputs/memory.js';
import { OBJECTIVES } from './outputs/objectives.js';
import { REPLAY_CHECK } from './outputs/replay-check.js';
import { REPLICATIONS } from './outputs/replications.js';
import { REQUESTS } from './outputs/requests.js';
import { SEARCH, TRIALS } from './outputs/search.js';
import { SENSITIVITY } from './outputs/sensitivity.js';
import { SUMMARY } from './outputs/summary.js';
import { CELLS, SWEEP } from './outputs/sweep.js';
import { TIME_BANDS } from './outputs/time-bands.js';
import { TIME_SERIES } from './outputs/time-series.js';

export {
  BEST,
  CELLS,
  CLAIMS,
  COMPARISON,
  MEMORY,
  OBJECTIVES,
  REPLAY_CHECK,
  REPLICATIONS,
  REQUESTS,
  SEARCH,
  SENSITIVITY,
  SUMMARY,
  SWEEP,
  TIME_BANDS,
  TIME_SERIES,
  TRIALS,
};

export const TABLES: readonly Table[] = [
  SUMMARY,
  COMPARISON,
  BEST,
  REPLICATIONS,
  TIME_SERIES,
  MEMORY,
  TIME_BANDS,
  OBJECTIVES,
  REQUESTS,
  REPLAY_CHECK,
  CLAIMS,
  SWEEP,
  CELLS,
  SEARCH,
  TRIALS,
  SENSITIVITY,
];
