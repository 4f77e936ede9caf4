import { describe, expect, it } from 'vitest';
import { loadOf } from '../../../src/experiment/load/offered-load.js';
import { explainScenario } from '../../../src/scenario/index.js';
import { load } from '../../scenario/load-text.js';
import { runWorld } from '../../support/worlds.js';

/** Two processes with eight threads; a page computes 4 ms, calls the database for 10 ms, computes 6 ms. */
const text = (database: string, users = 'open: {rate: 1/s}', cpu = ['4ms', '6ms']): string => `
version: 1
name: x
host: {cores: 16}
overheads: none
ruby: {gc: off}
server: {ideal: {processes: 2, threads: 8}}
app:
  services: {database: {${database}}}
  classes:
    - {name: page, phases: [{cpu: ${cpu[0]}}, {call: {to: database, takes: 10ms}}, {cpu: ${cpu[1]}}]}
load: {${users}}
run: {requests: 1000, warmup: 0s}
`;

function limits(database: string) {
  const experiment = load(text(database)).experiment!;
  return loadOf(experiment.configurations[0]!, experiment.run);
}

describe('capacity with services and connection pools', () => {
  it('a pool of k connections, each kept for h, lets k / h requests through in each process', () => {
    expect(limits('pool: {size: 1, held: call}').callLimits).toEqual([
      { kind: 'pool', service: 'database', size: 1, heldNs: 10e6, perSec: 200 },
    ]);
    // To the end of the request: the 6 ms of Ruby code after the call as well.
    expect(limits('pool: {size: 1, held: request}')).toMatchObject({ capacityPerSec: 125 });
  });

  it('a service that works on c calls at a time is shared by all processes', () => {
    expect(limits('capacity: 1')).toMatchObject({ capacityPerSec: 100 });
    expect(limits('capacity: 3, pool: {size: 20}')).toMatchObject({ capacityPerSec: 200, bottleneck: 'gvl' });
    expect(limits('').callLimits).toEqual([]);
  });

  it.each([
    ['pool: {size: 1, held: call}', 200],
    ['pool: {size: 3, held: request}', 600],
    ['capacity: 3, pool: {size: 3}', 300],
  ])('%s: so many requests a second come through when there are always more', (database, perSec) => {
    // Without Ruby code nothing else is in the way.
    const { experiment } = load(text(database, 'closed: {users: 16}', ['0ms', '0ms']));
    const { departures } = runWorld(experiment!.configurations[0]!.system, { limits: { durationNs: 5e9 } });
    const counted = departures.filter(({ departedNs }) => departedNs > 1e9 && departedNs <= 5e9);
    expect(counted.length / 4).toBe(perSec);
    expect(loadOf(experiment!.configurations[0]!, experiment!.run).capacityPerSec).toBe(perSec);
  });

  it('is explained in words, and a load above it is called unstable', () => {
    const words = explainScenario(load(text('pool: {size: 1}', 'open: {rate: 130/s}')).experiment!);
    expect(words).toContain('1 connection to database in each process 125/s (a request keeps one for 16 ms)');
    expect(words).toContain('UNSTABLE: offered load is 1.04 of capacity');
    expect(words).toContain('the connections to database saturate first');
  });
});
