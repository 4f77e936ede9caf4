export { type BatchMeans, batchMeans, vonNeumannCorrelation } from './batch-means.js';
export { type AgainstBest, againstBest } from './best.js';
export { blockLength, drawBlocks, percentileInterval } from './block-bootstrap.js';
export { clopperPearson } from './clopper-pearson.js';
export * from './formulas/index.js';
export { percentileText } from './hgrm.js';
export {
  type Estimate,
  expectedBeyond,
  type Interval,
  MIN_OBSERVATIONS_BEYOND_QUANTILE,
  meanInterval,
} from './intervals.js';
export { LOG_HISTOGRAM_RELATIVE_ERROR, LogHistogram, type LogHistogramData } from './log-histogram.js';
export { mser, type Truncation } from './mser.js';
export {
  comparePaired,
  comparePairedEvents,
  jackknifeRatio,
  type PairedComparison,
  type Verdict,
  withoutIntervals,
} from './paired.js';
export { pooledQuantile, pooledQuantileInterval, type Sampled } from './pooled-quantile.js';
export { pairedShares, proportionInterval, shareOfReplications } from './proportion.js';
export { quantile, quantiles } from './quantile.js';
export { CURVE_LEVELS, type QuantileCurve, shareAbove } from './quantile-curve.js';
export { RepeatedTTest, type Side, TriangularTest } from './sequential.js';
export { chiSquareQuantile, normalQuantile, normalTail, tQuantile, twoSidedT } from './student.js';
export { Tally, tallyOf } from './tally.js';
export { TimeAverage } from './time-average.js';
