import type { PrecisionSpec, RunSpec } from '../../experiment/spec.js';
import { MAX_REPLICATIONS, type RunText } from '../schema/run.js';
import type { Findings } from '../source/findings.js';

/** How long and how often. Every default has been written out. */
export function buildRun(run: RunText, findings: Findings): RunSpec {
  const { requests, duration, warmup, replications, seed, confidence, sample_every, kind } = run;
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
  const precision = buildPrecision(run, findings);
  return {
    kind: kind!,
    requests: requests ?? Infinity,
    durationNs,
    warmup: warmup!,
    replications: precision === null ? replications : Math.max(replications, FIRST_ROUND),
    precision,
    seed,
    confidence,
    sampleEveryNs: sample_every ?? 0,
  };
}

/** Intervals from fewer replications are too often too narrow by chance, and a run that stops on them misses its promise. */
const FIRST_ROUND = 10;

function buildPrecision(run: RunText, findings: Findings): PrecisionSpec | null {
  const { precision, max_replications, replications } = run;
  if (precision === undefined) {
    if (max_replications !== undefined) {
      findings.problem(['run', 'max_replications'], {
        code: 'SCN_COMBINATION',
        message: 'max_replications goes with precision; without it, replications says how many',
        at: 'key',
      });
    }
    return null;
  }
  const targets = Array.isArray(precision) ? precision : [precision];
  const maxReplications = Math.max(max_replications ?? MAX_REPLICATIONS, replications, FIRST_ROUND);
  return { targets: targets.map(({ metric, relative }) => ({ ...metric, relative })), maxReplications };
}
