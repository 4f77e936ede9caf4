import { afterEach, describe, expect, it, vi } from 'vitest';
import { runReplication } from '../../../src/experiment/replicate.js';
import { AllocationCollector } from '../../../src/model/gc/allocation.js';
import { loadScenario } from '../../../src/scenario/index.js';

afterEach(() => vi.restoreAllMocks());

const REQUESTS = 50;
const OBJECTS = 20_000;

function scenario(phases: string): string {
  return `version: 1
name: stated
host: {cores: 1, io_call: 50us}
ruby: {version: "3.1"}
server: {puma: {workers: 1, threads: 3}}
app:
  services: {database: {capacity: 2}}
  classes: [{name: page, phases: ${phases}, allocations: ${OBJECTS}}]
load: {open: {rate: 100/s}}
run: {requests: ${REQUESTS}, replications: 1, warmup: 0, seed: 3}
`;
}

/** Objects that all requests of a run allocate, by what the collector is told. */
function allocatedIn(text: string): number {
  let objects = 0;
  const booked = AllocationCollector.prototype.allocated;
  vi.spyOn(AllocationCollector.prototype, 'allocated').mockImplementation(function (
    this: AllocationCollector,
    ...args
  ) {
    objects += args[3];
    booked.apply(this, args);
  });
  const { experiment, problems } = loadScenario({ file: 'stated.yml', text }, { readText: () => '' });
  expect(problems).toEqual([]);
  runReplication(experiment!.configurations[0]!, experiment!.run, 0);
  return objects;
}

describe('a request allocates what it states, whatever else it does', () => {
  it.each([
    ['I/O', '[{cpu: 0.2ms}, {io: 1ms}, {io: 1ms}, {cpu: 0.2ms}, {io: 1ms}]'],
    [
      'calls of a service',
      '[{cpu: 0.2ms}, {call: {to: database, takes: 1ms}}, {call: {to: database, takes: 1ms}}, {cpu: 0.1ms}]',
    ],
    ['calls that keep the lock, and native code', '[{cpu: 0.2ms}, {hold: 1ms}, {short_holds: 2ms}, {native: 1ms}]'],
  ])('%s', (_, phases) => {
    // Each piece of a phase adds a rounding error of 2^-53 of its objects, so the sum of some hundred pieces is this near.
    expect(allocatedIn(scenario(phases)) / (REQUESTS * OBJECTS)).toBeCloseTo(1, 9);
  });
});
