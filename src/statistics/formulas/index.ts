export {
  choicesMeanSojourn,
  choicesTail,
  shorterOfTwoMeanSojourn,
  takingTurnsMeanSojourn,
} from './balancing.js';
export {
  type ClosedNetwork,
  type MachineRepairman,
  machineRepairman,
  meanValueAnalysis,
  type Station,
} from './closed.js';
export { allenCunneenMeanWait, constantServiceCorrection, longestMeanWait } from './ggc.js';
export { mm1ImpatientLost } from './impatience.js';
export { meanInSystemByLittle } from './littles-law.js';
export { md1MeanWait, mg1MeanSojourn, mg1MeanWait, mg1PsMeanSojourn, mg1PsSojournOf } from './mg1.js';
export { mm1MeanInSystem, mm1MeanSojourn, mm1MeanWait, mm1SojournQuantile } from './mm1.js';
export {
  erlangB,
  erlangC,
  mmcMeanSojourn,
  mmcMeanWait,
  mmcSojournQuantile,
  mmcSojournTail,
  mmcWaitQuantile,
  mmcWaitTail,
} from './mmc.js';
export { mmckBlocked, mmckMeanSojourn, mmckProbabilities } from './mmck.js';
export { psSojournQuantile, psSojournTail } from './processor-sharing.js';
