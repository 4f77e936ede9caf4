import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { gvlsim, SMALL, temporaryFolder } from './gvlsim.js';

const WORK = `${SMALL.replace('requests: 2000, replications: 4', 'requests: 2000, replications: 8')}
sensitivity:
  by: 10%
  inputs: [load.open.rate, app.classes.only.cpu.exponential.mean, {path: host.somaxconn, low: "100", high: "200"}]
  outputs: [latency_ms mean, throughput_per_s]
`;
const folder = temporaryFolder({ 'work.yml': WORK });
afterAll(folder.remove);

describe('gvlsim sensitivity', () => {
  it('ranks inputs by what they move, as theory has it for M/M/1', async () => {
    const { code, stdout } = await gvlsim(['sensitivity', 'work.yml', '--out', 'out'], { cwd: folder.path });
    expect(code).toBe(0);
    expect(stdout).toContain('swing');
    const rows: Record<string, string>[] = parse(readFileSync(join(folder.path, 'out', 'sensitivity.csv'), 'utf8'), {
      columns: true,
    });
    expect(rows).toHaveLength(6);
    const row = (metric: string, input: string) =>
      rows.find((one) => one.metric === metric && one.input.endsWith(input))!;
    // M/M/1 at 50/s: T = 1 / (mu - lambda). Demand 9 and 11 ms: 16.4 and 24.4 ms; rate 45 and 55/s: 18.2 and 22.2 ms.
    expect(row('latency_ms', 'mean')).toMatchObject({ rank: '1', low: '9ms', high: '11ms', verdict: 'higher' });
    for (const [input, swing] of [
      ['mean', 24.44 - 16.36],
      ['rate', 22.22 - 18.18],
    ] as const) {
      const { ci_low: low, ci_high: high } = row('latency_ms', input);
      // The interval is one of 95 %; twice as wide it is one of more than 99.9 %.
      const half = (Number(high) - Number(low)) / 2;
      expect(Math.abs((Number(low) + Number(high)) / 2 - swing)).toBeLessThan(2 * half);
    }
    expect(row('latency_ms', 'somaxconn')).toMatchObject({ rank: '3', swing: '0', verdict: 'undecided' });
    expect(row('throughput_per_s', 'rate')).toMatchObject({ rank: '1', verdict: 'higher' });
  });

  it.each([
    [`${SMALL}sensitivity: {inputs: [host.cors]}\n`, /host\.cors is not a quantity/],
    [`${SMALL}sensitivity: {inputs: [{path: host.cores, low: "1"}]}\n`, /low and high, or neither/],
    [`${SMALL}sensitivity: {by: 10}\n`, /write 10%/],
  ])('tells what cannot be varied', async (text, message) => {
    const { code, stderr } = await gvlsim(['sensitivity', '-', '--out', '-'], { cwd: folder.path, input: text });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
