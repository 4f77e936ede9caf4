import type { ExperimentResult } from '../../experiment/experiment-result.js';
import { QUANTILES } from '../../experiment/metrics/metrics.js';

/** Version of the layout of manifest.json and of JSON on stdout. */
export const SCHEMA_VERSION = 1;

/** What only the caller knows: the machine, the clock and the files. */
export interface ManifestContext {
  /** `run` or `compare`. */
  readonly command: string;
  readonly gvlsimVersion: string;
  readonly engine: { readonly node: string; readonly v8: string };
  readonly platform: { readonly os: string; readonly arch: string };
  readonly wallTimeSec: number;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Warnings about the scenario and the result, as shown to the user. */
  readonly notes: readonly string[];
}

/**
 * Everything that is needed to understand a result and to get it again. Apart from the wall time, and on the same
 * machine, it is the same for the same scenario, seed and version.
 */
export function manifest(result: ExperimentResult, context: ManifestContext): string {
  const { spec } = result;
  const sketched = result.replications.flatMap((r) => r.metrics.map((m) => m.relativeError));
  const content = {
    schema_version: SCHEMA_VERSION,
    tool: 'gvlsim',
    gvlsim_version: context.gvlsimVersion,
    command: context.command,
    scenario_name: spec.name,
    complete: result.complete,
    seed: spec.run.seed,
    replications: spec.run.replications,
    variants: spec.configurations.map((configuration) => configuration.variant),
    baseline: spec.baseline,
    confidence_level: spec.run.confidence,
    quantile_definition: 'Hyndman and Fan (1996) type 7',
    quantiles: QUANTILES,
    sketch_relative_error: sketched.reduce((a, b) => Math.max(a, b), 0),
    kind: spec.run.kind,
    warm_up: warmUpOf(result),
    notes: context.notes,
    scenario: spec.resolved,
    runs: result.replications.map((replication) => ({
      variant: replication.variant,
      replication: replication.replication + 1,
      requests: replication.requests,
      counted: replication.counted,
      window_s: [replication.window.fromNs / 1e9, replication.window.toNs / 1e9],
      simulated_s: replication.simulatedNs / 1e9,
      events: replication.events,
      fingerprint: replication.fingerprint,
    })),
    ...circumstances(context),
  };
  return manifestText(content);
}

function warmUpOf({ spec: { run }, warmUp }: ExperimentResult): object {
  if (run.warmup.kind === 'time') return { kind: 'time', until_s: run.warmup.ns / 1e9 };
  if (run.warmup.kind === 'fraction') return { kind: 'fraction', fraction: run.warmup.fraction };
  return {
    kind: 'auto',
    fraction: warmUp?.share ?? null,
    method: 'MSER-5 on latency and number in the system, averaged over the replications; at least a tenth',
    variants: (warmUp?.variants ?? []).map(({ variant, share, text }) => ({ variant, settled_after: share, text })),
  };
}

/** On what and how long it was simulated, and the files that were written: the end of every manifest. */
export function circumstances({ engine, platform, wallTimeSec, files }: ManifestContext): object {
  return {
    node: engine.node,
    v8: engine.v8,
    os: platform.os,
    arch: platform.arch,
    wall_time_s: wallTimeSec,
    files,
  };
}

export function manifestText(content: object): string {
  return `${JSON.stringify(content, jsonNumber, 2)}\n`;
}

/** JSON has no NaN and no Infinity: null. */
function jsonNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
