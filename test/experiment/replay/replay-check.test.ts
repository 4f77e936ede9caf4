import { describe, expect, it } from 'vitest';
import { type ObservedRequests, replayRequests } from '../../../src/experiment/replay/observed-requests.js';
import { checkReplay, type ReplayVerdict } from '../../../src/experiment/replay/replay-check.js';
import { createStreams } from '../../../src/random/streams.js';
import { loadScenario } from '../../../src/scenario/index.js';

const options = { level: 0.95, stream: createStreams(1, 0).open('test/bootstrap') };

function observed(latencyMs: readonly number[], more: Partial<ObservedRequests> = {}): ObservedRequests {
  return {
    ids: latencyMs.map((_, k) => `r${k}`),
    latencyMs: Float64Array.from(latencyMs),
    queueMs: null,
    worker: null,
    status: latencyMs.map(() => 'ok'),
    ...more,
  };
}

/** Latencies with memory, as behind a queue: exponential noise added to nine tenths of the one before. */
function latencies(n: number, name: string): number[] {
  const stream = createStreams(7, 0).open(name);
  const values = [10];
  while (values.length < n) values.push(0.9 * values.at(-1)! - Math.log(1 - stream.uniform()));
  return values;
}

describe('a replay that does exactly what was measured', () => {
  it('has ratios of 1 without any noise, whatever the traffic', () => {
    const own = observed(latencies(2000, 'a'));
    const { figures, matched } = checkReplay(own, [own], options);
    expect(matched).toBe(2000);
    expect(figures.map(({ statistic }) => statistic)).toEqual(['mean', 'p50', 'p90', 'p95', 'p99']);
    for (const { ratio, ratioRange, measured, measuredRange, verdict } of figures) {
      expect([ratio, ratioRange, verdict]).toEqual([1, { low: 1, high: 1 }, 'within']);
      expect(measuredRange!.low).toBeLessThan(measured);
      expect(measuredRange!.high).toBeGreaterThan(measured);
    }
  });
});

describe('a replay with noise of its own in every request', () => {
  /** Both sides the same in law: the common traffic, and independent noise of 30 % in each request. */
  const WORLDS = 100;
  const verdicts = (factor: number, worlds: number): ReplayVerdict[][] =>
    Array.from({ length: worlds }, (_, world) => {
      const noise = createStreams(world, 0).open('noise');
      const traffic = latencies(400, `traffic ${world}`);
      const noisy = (scale: number) => observed(traffic.map((ms) => scale * ms * (0.7 + 0.6 * noise.uniform())));
      return checkReplay(noisy(1), [noisy(factor)], options).figures.map(({ verdict }) => verdict);
    });

  it('is called out in about one of 20 measurements', () => {
    const same = verdicts(1, WORLDS);
    // The bootstrap may miss its level by a half, 1 in 13 instead of 1 in 20: binomial, at most 18 of 100 with 99.9 %.
    for (const figure of [0, 1]) expect(same.filter((all) => all[figure] !== 'within').length).toBeLessThanOrEqual(18);
  });

  it('and is slower by 15 %, is called out', () => {
    expect(verdicts(1.15, 20).every(([mean]) => mean === 'higher')).toBe(true);
  });
});

describe('requests', () => {
  it('are matched by id, and those not answered on both sides counted', () => {
    const measured = observed([10, 20, 30, 40], { status: ['ok', '503', 'ok', 'ok'], ids: ['d', 'c', 'b', 'x'] });
    const replay = observed([1, 2, 3, 4], { ids: ['a', 'b', 'c', 'd'], status: ['ok', 'refused', 'ok', 'ok'] });
    const check = checkReplay(measured, [replay], options);
    expect(check).toMatchObject({
      matched: 1,
      measuredFailed: 1,
      simulatedFailed: 1,
      notReplayed: 1,
      notMeasured: 1,
    });
    expect(check.figures[0]).toMatchObject({ n: 1, measured: 10, simulated: 4, ratio: 0.4, ratioRange: null });
  });

  it('of several replays are pooled, and of the busiest worker the mean is taken', () => {
    const worker = (names: string) => ({ worker: [...names] });
    const measured = observed([10, 10, 10, 10], worker('aabc'));
    const replays = [observed([8, 8, 8, 8], worker('aaaa')), observed([16, 16, 16, 16], worker('bbaa'))];
    const { figures } = checkReplay(measured, replays, options);
    expect(figures[0]).toMatchObject({ statistic: 'mean', simulated: 12, ratio: 1.2, verdict: 'undecided' });
    expect(figures.at(-1)).toMatchObject({ metric: 'busiest_worker_ratio', measured: 0.5, simulated: 0.75 });
  });

  it('that waited for nothing have no ratio', () => {
    const measured = observed(latencies(50, 'b'), { queueMs: new Float64Array(50) });
    const { figures } = checkReplay(measured, [measured], options);
    const queue = figures.filter(({ metric }) => metric === 'before_app_ms');
    expect(queue).toHaveLength(5);
    for (const { ratio, ratioRange } of queue) expect([ratio, ratioRange]).toEqual([Number.NaN, null]);
  });

  it('too few beyond a quantile leave it without interval', () => {
    const own = observed(latencies(150, 'c'));
    const { figures } = checkReplay(own, [own], options);
    expect(figures.map(({ ratioRange }) => ratioRange !== null)).toEqual([true, true, true, false, false]);
  });
});

describe('a replication as requests', () => {
  it('keeps ids, times, workers and what happened, in the order of arrival and without the warm-up', () => {
    const { experiment } = loadScenario(
      {
        file: 's.yml',
        text: `version: 1
host: {cores: 1}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 1}}
overheads: none
app: {recorded: {file: t.csv}}
load: {recorded: {file: t.csv}}
run: {warmup: 1ms, replications: 1}
`,
      },
      { readText: () => 'arrival_ms,id,phases\n0,first,c10\n4,second,c10\n30,third,c5\n' },
    );
    const { requests, warmUp } = replayRequests(experiment!.configurations[0]!, experiment!.run, 0);
    expect(warmUp).toBe(1);
    expect(requests.ids).toEqual(['second', 'third']);
    expect([...requests.latencyMs]).toEqual([16, 5]);
    expect([...requests.queueMs!]).toEqual([6, 0]);
    expect(requests.worker).toEqual(['worker-0', 'worker-0']);
    expect(requests.status).toEqual(['ok', 'ok']);
  });
});
