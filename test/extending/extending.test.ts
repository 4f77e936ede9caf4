import { afterAll, describe, expect, it } from 'vitest';
import { runReplication } from '../../src/experiment/replicate.js';
import { registerServer, serverTypes } from '../../src/extend.js';
import { explainScenario, scenarioJsonSchema, scenarioReference } from '../../src/scenario/index.js';
import { load } from '../scenario/load-text.js';
import { c, ms } from '../support/phases.js';
import { serverContract } from '../support/server-contract.js';
import { byArrival, runWorld, world } from '../support/worlds.js';
import { lastComeFirst } from './last-come-first.js';

const SCENARIO = `
version: 1
name: own
host: {cores: 2}
server: {last_come_first: {processes: 2, threads: 3}}
app: {classes: [{name: web, cpu: 10ms, io: {each: 20ms}}]}
load: {open: {rate: 40/s}}
run: {duration: 10s, replications: 1}
`;

let takeOut = () => {};

afterAll(() => {
  takeOut(); // other tests share the registry
  expect(load(SCENARIO).problems.map(({ code }) => code)).toEqual(['SCN_UNKNOWN_KEY']);
});

describe('a server from outside', () => {
  it('is unknown until it is registered', () => {
    expect(load(SCENARIO).problems.map(({ code }) => code)).toEqual(['SCN_UNKNOWN_KEY']);
    takeOut = registerServer(lastComeFirst);
    expect(() => registerServer(lastComeFirst)).toThrow('there is a server called last_come_first');
    expect(serverTypes().map(({ name }) => name)).toContain('last_come_first');
  });

  it('is then one like any other: scenario, checks, schema, reference, explain and results', () => {
    const { experiment, problems } = load(SCENARIO);
    expect(problems).toEqual([]);
    expect(load(SCENARIO.replace('threads: 3', 'thraeds: 3')).problems.map(({ message }) => message)).toEqual([
      'unknown key; did you mean "threads"?',
    ]);
    expect(JSON.stringify(scenarioJsonSchema())).toContain('"last_come_first"');
    expect(scenarioReference()).toContain('## `server.last_come_first`');
    expect(explainScenario(experiment!)).toContain('last_come_first: 2 processes x 3 threads = 6 slots, 2 GVLs');
    const { requests, runValues } = runReplication(experiment!.configurations[0]!, experiment!.run, 0);
    expect(requests).toBeGreaterThan(300);
    expect(runValues.find(({ metric }) => metric === 'throughput_per_s')!.value).toBeGreaterThan(30);
  });

  it('serves the youngest first', () => {
    const requests = [0, 1, 2, 3].map((at) => ({ atNs: ms(at), phases: [c(ms(10))] }));
    const server = { type: 'last_come_first', params: { processes: 1, threads: 1 } };
    const served = byArrival(runWorld(world({ server, requests })));
    expect(served.map(({ departedNs }) => departedNs)).toEqual([ms(10), ms(40), ms(30), ms(20)]);
  });
});

serverContract('last_come_first', [
  { processes: 1, threads: 1 },
  { processes: 2, threads: 3 },
]);
