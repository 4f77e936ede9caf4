import { describe, expect, it } from 'vitest';
import { Part, Status } from '../../../src/model/observations.js';
import { PhaseKind } from '../../../src/model/phases.js';
import type { EdgesSpec, ServerSpec, SystemSpec } from '../../../src/model/spec.js';
import { createConstant } from '../../../src/random/distributions/index.js';
import { load } from '../../scenario/load-text.js';
import { ms } from '../../support/phases.js';
import { byArrival, pumaServer, runWorld, unicornServer, world } from '../../support/worlds.js';

const PROXY = { buffering: true, readTimeoutNs: ms(60_000), requestOverheadNs: 0, responseOverheadNs: 0 };

/** Three requests at once, 10 ms of Ruby code each, whose answers take 500 ms to be taken in. */
function run(server: ServerSpec, edges: Partial<EdgesSpec> = {}) {
  const load = { kind: 'backlog', jobs: 3 } as const;
  const base = world({ server, edges, load, phases: [[PhaseKind.Cpu, createConstant(ms(10))]] });
  const [only] = base.app.classes;
  const system: SystemSpec = { ...base, app: { ...base.app, classes: [{ ...only!, downloadNs: ms(500) }] } };
  const departures = byArrival(runWorld(system));
  for (const { status } of departures) expect(status).toBe(Status.Ok);
  for (const { partsNs } of departures) expect(partsNs[Part.Io]).toBe(ms(500));
  return departures.map(({ departedNs }) => departedNs);
}

describe('an answer that its client is slow to take in', () => {
  it('occupies a worker of Unicorn', () => {
    expect(run(unicornServer(1))).toEqual([ms(510), ms(1020), ms(1530)]);
  });

  it('occupies a thread of Puma, without the GVL', () => {
    expect(run(pumaServer('7.2', 0, 2))).toEqual([ms(510), ms(520), ms(1020)]);
    expect(run(pumaServer('5.6', 0, 2))).toEqual([ms(510), ms(520), ms(1020)]);
  });

  it('occupies nobody behind a proxy that takes it at once', () => {
    expect(run(unicornServer(1), { proxy: PROXY })).toEqual([ms(510), ms(520), ms(530)]);
  });
});

describe('response and receive_rate in a scenario', () => {
  const downloads = (extra: string) => {
    const { experiment } = load(`
version: 1
name: downloads
host: {cores: 2}
server: {puma: {version: "7.2", workers: 2, threads: 2}}
app: {classes: [{name: page, cpu: 10ms, response: 1128kB}, {name: small, cpu: 10ms, response: 20kB}]}
load: {open: {rate: 5/s}}
${extra}`);
    return experiment!.configurations[0]!.system.app.classes.map(({ downloadNs }) => downloadNs);
  };

  it('say how long a client takes for what the sockets do not hold', () => {
    expect(downloads('clients: {receive_rate: 500kB, socket_buffer: 128kB}')).toEqual([ms(2000), undefined]);
  });

  it('say nothing without the other', () => {
    expect(downloads('')).toEqual([undefined, undefined]);
  });
});

describe('body and send_rate in a scenario', () => {
  const departures = (server: string) => {
    const { experiment } = load(`
version: 1
name: uploads
host: {cores: 3}
overheads: none
server: ${server}
app: {classes: [{name: form, phases: [{cpu: 10ms}], body: 50kB}]}
clients: {send_rate: 100kB}
load: {backlog: {jobs: 3}}`);
    return byArrival(runWorld(experiment!.configurations[0]!.system)).map(({ departedNs }) => departedNs);
  };

  it('occupy a worker of Unicorn until the body is there', () => {
    // All three clients begin to send at 0, so only the first worker has to wait.
    expect(departures('{unicorn: {worker_processes: 1}}')).toEqual([ms(510), ms(520), ms(530)]);
    expect(departures('{unicorn: {worker_processes: 3}}')).toEqual([ms(510), ms(510), ms(510)]);
  });

  it('occupy no thread of Puma, whose reactor waits', () => {
    const puma = (threads: number) => `{puma: {version: "7.2", workers: 0, threads: ${threads}}}`;
    expect(departures(puma(1))).toEqual([ms(510), ms(520), ms(530)]);
    expect(departures(puma(3))).toEqual([ms(510), ms(520), ms(530)]);
  });

  it('say nothing without the other', () => {
    const { experiment } = load(`
version: 1
name: uploads
host: {cores: 2}
server: {unicorn: {worker_processes: 1}}
app: {classes: [{name: form, cpu: 10ms, body: 50kB}, {name: page, cpu: 10ms}]}
load: {open: {rate: 5/s}}`);
    expect(experiment!.configurations[0]!.system.app.classes.map(({ uploadNs }) => uploadNs)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
