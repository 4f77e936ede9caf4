import { describe, expect, it } from 'vitest';
import type { RowSink } from '../../../src/experiment/recording/collector.js';
import { requestLife } from '../../../src/experiment/replay/request-life.js';
import { runReplication } from '../../../src/experiment/replicate.js';
import { PARTS, Part } from '../../../src/model/observations.js';
import { exponentialServer, THREE_REQUESTS } from '../scenarios.js';

describe('the life of a request', () => {
  it('tells its parts in order', () => {
    const life = requestLife(THREE_REQUESTS.configurations[0]!, THREE_REQUESTS.run, 0, 'b')!;
    expect(life).toMatchObject({ name: 'b', arrivedNs: 4_000_000, latencyNs: 16_000_000, status: 'ok' });
    expect(life.steps.map(({ part, fromNs, lengthNs }) => [part, fromNs, lengthNs])).toEqual([
      [Part.Backlog, 0, 6_000_000],
      [Part.Run, 6_000_000, 10_000_000],
    ]);
  });

  it('is null for a request that is not there', () => {
    expect(requestLife(THREE_REQUESTS.configurations[0]!, THREE_REQUESTS.run, 0, 'z')).toBeNull();
  });

  it('has steps back to back that add up to the latency, part by part, as the run without trace has it', () => {
    const spec = exponentialServer({
      load: '{open: {rate: 120/s}}',
      run: '{requests: 400, warmup: 0s}',
      server: '{puma: {version: "6.6", workers: 2, threads: 3}}',
      classes:
        '[{name: only, phases: [{cpu: {exponential: {mean: 5ms}}}, {io: 10ms}, {cpu: {exponential: {mean: 5ms}}}]}]',
    });
    const parts = new Map<string, number[]>();
    const rows: RowSink = {
      row: (table, request) => {
        const own = table.partsNs.slice(request * PARTS, (request + 1) * PARTS);
        parts.set(String(table.ordinal[request]! + 1), Array.from(own));
      },
    };
    runReplication(spec.configurations[0]!, spec.run, 0, { rows: () => rows });
    for (const name of ['1', '57', '200', '400']) {
      const life = requestLife(spec.configurations[0]!, spec.run, 0, name)!;
      const sums = Array(PARTS).fill(0);
      let at = 0;
      for (const { part, fromNs, lengthNs } of life.steps) {
        expect(fromNs).toBe(at);
        at += lengthNs;
        sums[part] += lengthNs;
      }
      expect(at).toBe(life.latencyNs);
      expect(sums).toEqual(parts.get(name));
    }
  });
});
