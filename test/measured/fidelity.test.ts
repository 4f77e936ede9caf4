import { beforeAll, describe, expect, it } from 'vitest';
import { figuresOf } from '../../src/experiment/replay/observed-requests.js';
import { quantile } from '../../src/statistics/index.js';
import { type Comparison, compareCase, LATENCY_METRICS, type LatencyMetric, meanOf } from '../support/fidelity.js';
import { experimentOf, measuredCases, type Requests, readRun, replay } from '../support/measured.js';
import { lengthened, overheadOf, replayKillingAsMeasured } from '../support/run-overhead.js';
import { longerThanThreeTurnsMs } from '../support/varied-traces.js';

/** Median over all cases, absolute [ratio]. Two measurements of one case differ by 0.3 to 6 %. */
const MEDIAN_ERROR: Readonly<Record<LatencyMetric, number>> = {
  meanMs: 0.025,
  p50Ms: 0.025,
  p95Ms: 0.035,
  p99Ms: 0.05,
};

/** Any single case: three times that. */
const WORST = 3;

/**
 * Cases beyond three times the median's limit, with the limit that they keep. The reasons are in docs/validation/fidelity.md.
 * A case that gets better than it must be taken out: `it` says so.
 */
const KNOWN_GAPS: Readonly<Record<string, Partial<Record<LatencyMetric, number>>>> = {
  // Too low as a rule: with arrivals moved by up to 0.5 ms 0.79 to 1.07, median 0.85 (docs/validation/chance.md). p99 rests on how many connections in a row one worker gets. It was
  // 0.87 before a holder that slept lost the lock on one core, as was the mean 0.978 (0.963).
  'web/C06-puma7-2x5-rho80-hold': { p99Ms: 0.16 },
  // 96 requests: p99 is the two slowest.
  'web/D03-puma7-t5-convoy': { p99Ms: 0.18 },
  // p99 is three requests, and chance: 0.82 to 1.12 of the measured one, by how full the heap is at the start.
  'web/E01-puma7-t5-alloc': { p99Ms: 0.2 },
  // p99 is three requests: 0.84 to 0.94 of the measured one, by how full the heap is at the start.
  'web33/E01-puma66-t5-alloc': { p99Ms: 0.155 },
  // Four requests are killed, all after the same time, which is chance: 3 to 5 s; 4.5 s were measured.
  'web/G01-unicorn-2-timeout3': { meanMs: 0.2, p50Ms: 0.27, p95Ms: 0.19 },
  // Too long on average and too short at the end as a rule: with arrivals moved by up to 0.5 ms the mean is 1.03 to 1.11, median 1.07, and p99 0.79 to 0.95, median 0.85; 3 to 27 requests
  // fail, 32 measured (docs/validation/chance.md). It hangs on when the client sends again, and what is lost then.
  'web/I05-puma5-t5-overload-backlog64': { meanMs: 0.085, p99Ms: 0.145 },
};

describe('replays of measured servers', () => {
  let comparisons: readonly Comparison[];

  beforeAll(() => {
    comparisons = measuredCases().map(compareCase);
  });

  it('every case is measured and replayed to the end', () => {
    expect(comparisons.length).toBe(53);
    for (const { measured, real, simulated } of comparisons) {
      for (const [k, { answered }] of real.entries()) {
        const lost = Math.abs(simulated[k]!.answered - answered) / answered;
        expect(lost, measured.id).toBeLessThan(0.015);
      }
    }
  });

  it.each(LATENCY_METRICS)('median error of %s over the cases', (metric) => {
    const errors = Float64Array.from(comparisons, ({ ratio }) => Math.abs(ratio[metric] - 1));
    expect(quantile(errors, 0.5)).toBeLessThanOrEqual(MEDIAN_ERROR[metric]);
  });

  it.each(LATENCY_METRICS)('no case is far off in %s, but for the known ones', (metric) => {
    for (const { measured, ratio } of comparisons) {
      const limit = KNOWN_GAPS[measured.id]?.[metric] ?? WORST * MEDIAN_ERROR[metric];
      expect(Math.abs(ratio[metric] - 1), `${measured.id} ${ratio[metric].toFixed(3)}`).toBeLessThanOrEqual(limit);
    }
  });

  it('one Puma process on Ruby 3.1: mean, p50, p95 and p99 within 10 %, but for the known ones', () => {
    for (const { measured, ratio } of comparisons) {
      const isChosen = measured.ruby === '3.1' && measured.server === 'puma' && measured.isSingle;
      if (!isChosen) continue;
      for (const metric of LATENCY_METRICS) {
        const limit = KNOWN_GAPS[measured.id]?.[metric] ?? 0.1;
        expect(Math.abs(ratio[metric] - 1), `${measured.id} ${metric}`).toBeLessThanOrEqual(limit);
      }
    }
  });

  /**
   * Wait before the application and wait for the lock inside it, not only their sum (D01 and D03 rest on few long requests). The mean wait of two measurements of
   * one case differs by up to 13 % (web/A10); 0.6 ms is what other work on the machine takes from three bursts of CPU.
   */
  it('one Puma process: the wait is where it was measured', () => {
    for (const { measured, real, simulated } of comparisons) {
      if (measured.server !== 'puma' || !measured.isSingle || 'DEI'.includes(measured.family)) continue;
      for (const part of ['queueMs', 'inAppWaitMs'] as const) {
        const off = Math.abs(meanOf(simulated, part) - meanOf(real, part));
        expect(off, `${measured.id} ${part}`).toBeLessThanOrEqual(0.13 * meanOf(real, part) + 0.6);
      }
    }
  });

  it("requests are killed by Unicorn's timeout as often as measured, and no others", () => {
    for (const { measured, real, simulated } of comparisons) {
      if (measured.family === 'G') expect(meanOf(simulated, 'failed'), measured.id).toBe(meanOf(real, 'failed'));
    }
  });

  /**
   * When in a second the master looks is drawn, so draws are passed over until it kills when it did. Everybody who waited for a killed worker waited as long.
   * The run was slow: by its recording, latencies included, a request took its worker 0.39 ms longer than simulated (docs/validation/chance.md). That mean is put in; what is tested is the queueing.
   * At the load that is left to the other worker this is most of the difference, and with it all figures are within 5 % (p50 4.1).
   */
  it("what Unicorn's timeout costs the others, killed at the moment measured", () => {
    const { measured } = comparisons.find(({ measured: { id } }) => id.includes('G01'))!;
    const real = readRun(measured, 1);
    const lost = (run: Requests): string[] => run.ids.filter((_, k) => run.status[k] !== 'ok');
    const ratios = (run: Requests | null): number[] => {
      expect(lost(run!)).toEqual(lost(real));
      const figures = (of: Requests): number[] => figuresOf(of.latencyMs.filter((_, k) => of.status[k] === 'ok'));
      const [mean, p50, , p95, p99] = figures(run!).map((ms, k) => ms / figures(real)[k]!);
      return [mean!, p50!, p95!, p99!];
    };
    const asItIs = replayKillingAsMeasured(measured);
    const [meanAsItIs, p50AsItIs, ...tailAsItIs] = ratios(asItIs);
    for (const ratio of [meanAsItIs!, ...tailAsItIs]) expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
    expect(p50AsItIs).toBeCloseTo(0.893, 2); // 0.888 to 0.899 in the draws that match
    const [was, is] = [real, asItIs!].map((run) => overheadOf([run]));
    const longerMs = was!.betweenMs - is!.betweenMs + was!.inAppMs - is!.inAppMs;
    expect(longerMs).toBeCloseTo(0.39, 2);
    const slow = replayKillingAsMeasured(measured, (trace) => lengthened(trace, longerMs));
    for (const ratio of ratios(slow)) expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  });

  /**
   * Requests of a worker, relative to an even share. Repeats of a cluster spread by 0.02 to 0.04 (measured); what is uneven beyond
   * that, by up to 1.4 with Unicorn on one core, is the rule by which the kernel wakes. Killed workers (G) are new
   * ones under another number; E03 has 308 requests, of which a share is known to 0.06.
   */
  it('the busiest worker serves the share measured', () => {
    const clusters = comparisons.filter(
      ({ measured: { processes, family } }) => processes > 1 && !'GE'.includes(family),
    );
    expect(clusters.length).toBeGreaterThan(10);
    for (const { measured, real, simulated } of clusters) {
      const off = Math.abs(meanOf(simulated, 'imbalance') - meanOf(real, 'imbalance'));
      expect(off, measured.id).toBeLessThanOrEqual(0.05);
    }
  });

  it('versions of Puma and Ruby differ in the direction and by the amount measured', () => {
    const of = (id: string): Comparison => comparisons.find(({ measured }) => measured.id.startsWith(id))!;
    const pairs: readonly (readonly [string, string])[] = [
      ['web/A15', 'web/A06'], // Puma 5.6 gives the lock up while it writes, 7.2 does not
      ['web/C02', 'web/C01'], // without and with the delay of busy workers
      ['web/C03', 'web/C01'], // Puma 5.6 with a delay of 5 ms, 7.2 with its default
      ['web33/C02', 'web33/C04'], // Puma 6.6 and 7.2
      ['web/A06', 'web33/A05'], // Ruby 3.1 and 3.3
    ];
    for (const [slower, faster] of pairs) {
      expect(meanOf(of(slower).real, 'meanMs')).toBeGreaterThan(meanOf(of(faster).real, 'meanMs'));
      expect(meanOf(of(slower).simulated, 'meanMs'), `${slower} ${faster}`).toBeGreaterThan(
        meanOf(of(faster).simulated, 'meanMs'),
      );
      // By the amount measured: repeats of a case differ by up to 3 % in the mean, so the ratio of two by up to 4.2 %.
      const ratio = (kind: 'real' | 'simulated'): number =>
        meanOf(of(slower)[kind], 'meanMs') / meanOf(of(faster)[kind], 'meanMs');
      expect(Math.abs(ratio('simulated') / ratio('real') - 1), `${slower} ${faster}`).toBeLessThanOrEqual(0.042);
    }
  });

  /**
   * Not only in the sum. Two runs of one case differ in their mean wait by 2.5 to 12 % (A03 to A12 on 3.1), root mean square 6.9 %: a single run has a standard
   * deviation of 4.9 %. Each measured difference is beyond 95 % of chance, so a model that does not have it fails.
   */
  it('versions of Puma and Ruby differ where the wait is, by the amount measured', () => {
    const of = (id: string): Comparison => comparisons.find(({ measured }) => measured.id.startsWith(id))!;
    const pairs: readonly (readonly [string, string, 'queueMs' | 'inAppWaitMs' | 'afterAppMs'])[] = [
      ['web/A15', 'web/A06', 'afterAppMs'], // the second write of Puma 5.6
      ['web/A06', 'web33/A05', 'inAppWaitMs'], // Ruby 3.1 and 3.3, five threads
      ['web/A10', 'web33/A08', 'inAppWaitMs'], // and sixteen
      ['web/C02', 'web/C01', 'queueMs'], // without and with the delay of busy workers
      ['web/C03', 'web/C01', 'queueMs'], // gate and 5 ms of Puma 5.6, scaled delay of 7.2
      ['web33/C02', 'web33/C04', 'queueMs'], // Puma 6.6 and 7.2
    ];
    for (const [more, less, part] of pairs) {
      const difference = (kind: 'real' | 'simulated'): number =>
        meanOf(of(more)[kind], part) - meanOf(of(less)[kind], part);
      const chance = 1.96 * 0.049 * Math.hypot(meanOf(of(more).real, part), meanOf(of(less).real, part));
      expect(difference('real'), `${more} ${less} ${part}`).toBeGreaterThan(chance);
      const off = Math.abs(difference('simulated') - difference('real'));
      expect(off, `${more} ${less} ${part}`).toBeLessThanOrEqual(chance);
    }
  });

  /**
   * Whether the third turn of 100 ms ends before a request of 300 ms does is a matter of a tenth of a millisecond. With each of them as much longer as
   * one of them was measured to be (other threads use the core for a moment), p99 of the median draw keeps the limit for the median case.
   */
  it('D03: p99 is off only where long requests take exactly three turns', () => {
    const { measured } = comparisons.find(({ measured: { id } }) => id.startsWith('web/D03'))!;
    const realP99 = figuresOf(readRun(measured, 1).latencyMs)[4]!;
    const longerMs = longerThanThreeTurnsMs(measured, 1);
    expect(longerMs.length).toBe(32);
    const simulated = longerMs.map((_, draw) => {
      let nth = 0;
      const step = 1 + 2 * (draw % 7); // odd, so that each of the 32 has its turn
      const lengthen = (trace: string): string =>
        trace.replaceAll('c300.000', () => `c${300 + longerMs[(draw + nth++ * step) % longerMs.length]!}`);
      return figuresOf(replay(experimentOf(measured, 1, [], lengthen)).latencyMs)[4]!;
    });
    const median = quantile(Float64Array.from(simulated), 0.5);
    expect(Math.abs(median / realP99 - 1)).toBeLessThanOrEqual(MEDIAN_ERROR.p99Ms);
  });
});
