import type { RunSpec } from '../../experiment/spec.js';
import type { Findings } from '../findings.js';
import type { RunText } from '../schema/run.js';

/** How long and how often. Every default has been written out. */
export function buildRun(run: RunText, findings: Findings): RunSpec {
  const { requests, duration, warmup, replications, seed, confidence, sample_every } = run;
  if (requests !== undefined && duration !== undefined) {
    findings.problem(['run', 'duration'], {
      code: 'SCN_COMBINATION',
      message: 'expected requests or duration; received both',
      at: 'key',
    });
  }
  const durationNs = duration ?? Infinity;
  if (warmup!.kind === 'time' && warmup!.ns >= durationNs) {
    findings.problem(['run', 'warmup'], { code: 'SCN_RANGE', message: 'nothing is left of the run after the warm-up' });
  }
  return {
    requests: requests ?? Infinity,
    durationNs,
    warmup: warmup!,
    replications,
    seed,
    confidence,
    sampleEveryNs: sample_every ?? 0,
  };
}
