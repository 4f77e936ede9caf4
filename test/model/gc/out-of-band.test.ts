import { describe, expect, it } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import { PARTS, Part } from '../../../src/model/observations.js';
import { loadScenario } from '../../../src/scenario/index.js';

/** A process that allocates, with and without collections between requests: milliseconds of collection in requests. */
function gcMs(ruby: string, server: string): { own: number; latency: number } {
  const text = `
version: 1
name: between
description: collections between requests
host: {cores: 2}
ruby: {version: "3.1"${ruby}}
server: ${server}
app: {classes: [{name: web, phases: [{allocate: {objects: 60000, kept: 5000}}]}]}
load: {open: {every: 100ms}}
run: {duration: 60s, replications: 1, seed: 1}
`;
  const { experiment, problems } = loadScenario({ file: 's.yml', text }, { readText: () => '' });
  expect(problems).toEqual([]);
  let own = 0;
  let latency = 0;
  const configuration = experiment!.configurations[0]!;
  runReplication(configuration, experiment!.run, 0, {
    rows: () => ({
      row: (table, request, nowNs) => {
        own += table.partsNs[request * PARTS + Part.GcOwn]! / 1e6;
        latency += (nowNs - table.arrivedNs[request]!) / 1e6;
      },
    }),
  });
  return { own, latency };
}

describe('collections between requests', () => {
  it.each(['{puma: {version: "7.2", workers: 0, threads: 2}}', '{unicorn: {worker_processes: 1}}'])('%s', (server) => {
    const plain = gcMs('', server);
    const between = gcMs(', out_of_band_gc: {requests: 2}', server);
    expect(between.own).toBeLessThan(plain.own / 2);
    expect(between.latency).toBeLessThan(plain.latency);
  });
});
