import { describe, expect, it } from 'vitest';
import { createCollector } from '../../../src/model/gc/policies.js';
import { createStreams } from '../../../src/random/streams.js';
import { loadScenario } from '../../../src/scenario/index.js';
import { drive } from '../../support/gc/drive.js';

const KEPT = 10_000;

/** Live objects of a process of a scenario after `GC.start`, when so many threads have served a request each and gone on to one that keeps nothing. */
function liveAfter(ruby: string, requests: number, threads: number): number {
  const text = `
version: 1
name: kept
ruby: {version: "${ruby}"}
server: {puma: {workers: 0, threads: ${threads}}}
host: {cores: 1}
app: {classes: [{name: page, phases: [{allocate: {objects: 20000, kept: ${KEPT}}}]}]}
load: {open: {rate: 10/s}}
run: {duration: 1s}
`;
  const { experiment, problems } = loadScenario({ file: 'kept.yml', text }, { readText: () => '' });
  expect(problems.map(({ message }) => message)).toEqual([]);
  const { runtime, app } = experiment!.configurations[0]!.system;
  const collector = createCollector(runtime, app, 1, createStreams(1, 0))!;
  const request = (thread: number, objects: number, kept: number): void => {
    collector.keep(0, thread, kept);
    drive(collector, { process: 0, thread, objects, mallocBytes: 0, workNs: 100 * objects });
    collector.requestEnded(0, thread);
  };
  for (let k = 0; k < requests; k++) request(k % threads, 2 * KEPT, KEPT);
  for (let thread = 0; thread < threads; thread++) request(thread, 1, 0);
  collector.collectFully(0);
  return collector.heaps!.heapOf(0).usedSlots;
}

describe('what requests of a scenario keep', () => {
  it.each(['3.1', '3.3'])('lives no longer than until its thread goes on to another one, Ruby %s', (ruby) => {
    for (const threads of [1, 3]) expect(liveAfter(ruby, 12, threads)).toBe(liveAfter(ruby, 0, threads));
  });
});
