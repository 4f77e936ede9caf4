const LOCKS = 'test/model/runtimes/gvl';
const STATISTICS = 'test/statistics';

/** What is broken, and the tests that should notice. */
export const TESTS_OF: Readonly<Record<string, readonly string[]>> = {
  'src/kernel/kernel.ts': ['test/kernel'],
  'src/kernel/heap-list.ts': ['test/kernel'],
  'src/kernel/linked-list.ts': ['test/kernel'],
  'src/kernel/fingerprint.ts': ['test/kernel'],
  'src/model/runtimes/gvl/barging-deadline.ts': [
    `${LOCKS}/barging-deadline.test.ts`,
    `${LOCKS}/shared-core.test.ts`,
    `${LOCKS}/waiting.test.ts`,
  ],
  'src/model/runtimes/gvl/fifo-ticks.ts': [
    `${LOCKS}/fifo-ticks.test.ts`,
    `${LOCKS}/hot-thread.test.ts`,
    `${LOCKS}/waiting.test.ts`,
  ],
  'src/model/runtimes/gvl/fifo-one-core.ts': [`${LOCKS}/fifo-one-core.test.ts`],
  'src/model/runtimes/gvl/hot-thread.ts': [`${LOCKS}/hot-thread.test.ts`],
  'src/model/runtimes/gvl/cpython.ts': [`${LOCKS}/cpython.test.ts`, `${LOCKS}/waiting.test.ts`],
  'src/statistics/batch-means.ts': [`${STATISTICS}/batch-means.test.ts`],
  'src/statistics/best.ts': [`${STATISTICS}/best.test.ts`],
  'src/statistics/clopper-pearson.ts': [`${STATISTICS}/proportion.test.ts`],
  'src/statistics/intervals.ts': [`${STATISTICS}/intervals.test.ts`],
  'src/statistics/jackknife.ts': [`${STATISTICS}/jackknife.test.ts`],
  'src/statistics/log-histogram.ts': [`${STATISTICS}/log-histogram.test.ts`],
  'src/statistics/mser.ts': [`${STATISTICS}/mser.test.ts`],
  'src/statistics/paired.ts': [`${STATISTICS}/paired.test.ts`],
  'src/statistics/pooled-quantile.ts': [`${STATISTICS}/pooled-quantile.test.ts`],
  'src/statistics/proportion.ts': [`${STATISTICS}/proportion.test.ts`],
  'src/statistics/quantile.ts': [`${STATISTICS}/quantile.test.ts`],
  'src/statistics/sequential.ts': [`${STATISTICS}/sequential.test.ts`],
  'src/statistics/tally.ts': [`${STATISTICS}/tally.test.ts`],
};
