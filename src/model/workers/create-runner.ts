import { allocationCostNs } from '../gc/policies.js';
import type { Runtime } from '../runtimes/runtime.js';
import type { Site } from '../site.js';
import { outOfBandCollections } from './out-of-band.js';
import { RequestRunner, type RunnerListener } from './request-runner.js';
import { type ServerScript, sending, withinApplication } from './script.js';
import { yjitRunner } from './yjit.js';

/** A runner for the threads of a runtime. */
export function createRunner(
  site: Site,
  runtime: Runtime,
  script: ServerScript,
  listener: RunnerListener,
): RequestRunner {
  const { kernel, requests, host, overheads } = site;
  const params = {
    sleepOvershootNs: overheads ? host.sleepOvershootNs : 0,
    ioCallNs: overheads ? host.ioCallNs : 0,
    coldCaches: overheads && host.coldCaches,
    allocationCostNs: allocationCostNs(site.runtime),
    bodyBytesPerObject: site.app.bodyBytesPerObject ?? 0,
  };
  const { yjit } = site.runtime;
  const Runner = yjit === undefined ? RequestRunner : yjitRunner(yjit, runtime.ractors);
  const guarded = runtime.rackTimeout === null ? script : withinApplication(script, runtime.rackTimeout);
  const { downloadNs } = site;
  const runner = new Runner(
    kernel,
    requests,
    runtime.threads,
    runtime.execution,
    runtime.collector,
    downloadNs === null ? guarded : sending(guarded, ({ request }) => downloadNs[requests.classOf[request]!]!),
    params,
    listener,
    outOfBandCollections(site.runtime, runtime.threads),
    runtime.calls,
    site.doorkeeper,
  );
  runtime.onRenewal((process) => runner.renewed(process));
  return runner;
}
