import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/model/bench.js';
import { PARTS } from '../../../src/model/observations.js';
import { createStreams } from '../../../src/random/streams.js';
import { loadScenario } from '../../../src/scenario/index.js';

const HOSTS = [
  '{cores: 1}',
  '{cores: 2}',
  '{cores: 3, cpu_quota: 1.5}',
  '{cores: 2, scheduler: {processor_sharing: {}}}',
  '{cores: 64}',
] as const;

const SERVERS = [
  'puma: {version: "7.2", workers: 2, threads: 3, preload_app: false, boot_time: 50ms}',
  'ideal: {processes: 2, threads: 3}',
] as const;

const LOSSES = 'operations: [{worker_loss: {at: 500ms, worker: 0}}, {worker_loss: {at: 777ms, worker: 1}}]';

/** Requests with two kinds of native code that mallocs and one of none, at one arena a process. */
function run(host: string, server: string, operations: string) {
  const text = `
version: 1
name: natives
host: ${host}
ruby: {version: "3.3", malloc: {glibc: {arena_max: 1}}}
server: {${server}}
app:
  classes:
    - {name: a, phases: [{cpu: 1ms}, {native: {exponential: {mean: 5ms}}}, {cpu: 1ms}], allocations: 5000, native_malloc: {per_ms: 2000, held: 1MiB}}
    - {name: b, phases: [{native: {exponential: {mean: 8ms}}}], native_malloc: {per_ms: 300, block: 2KiB, held: 100KiB}}
    - {name: c, phases: [{native: 1ms}, {cpu: 1ms}]}
  memory: {static: 100MiB}
load: {open: {rate: 100/s}}
${operations}
run: {duration: 1s, replications: 1, warmup: 0}
`;
  const { experiment, problems } = loadScenario({ file: 'natives.yml', text }, { readText: () => '' });
  expect(problems).toEqual([]);
  const { configurations, run: limits } = experiment!;
  const gaps: number[] = [];
  let leastNs = 0;
  const observer = {
    departed: (request: number, nowNs: number) => {
      const { partsNs, arrivedNs } = bench.departures;
      let sum = 0;
      for (let part = 0; part < PARTS; part++) {
        const ns = partsNs[request * PARTS + part]!;
        sum += ns;
        // Work that is billed but was never done makes the time without a core negative.
        leastNs = Math.min(leastNs, ns);
      }
      gaps.push(sum - (nowNs - arrivedNs[request]!));
    },
  };
  const bench = compile(
    configurations[0]!.system,
    { requests: limits.requests, durationNs: limits.durationNs },
    createStreams(3, 0),
    observer,
  );
  bench.kernel.runUntil(60e9);
  return { bench, gaps, leastNs };
}

describe.each(SERVERS)('native code that mallocs, %s', (server) => {
  it.each(HOSTS.flatMap((host) => ['', LOSSES].map((operations) => [host, operations] as const)))(
    'accounts for every ns of every request, and leaves nothing behind: %s %s',
    (host, operations) => {
      const { bench, gaps, leastNs } = run(host, server, operations);
      expect(gaps.length).toBeGreaterThan(50);
      expect(gaps.filter((gap) => gap !== 0)).toEqual([]);
      expect(leastNs).toBe(0);
      expect(bench.inSystem()).toBe(0);
      expect(bench.memory!.layers!(60e9)!.malloc.liveBytes).toBeLessThan(100 * 1024);
    },
  );
});
