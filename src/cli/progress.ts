/** Progress of an experiment on stderr. */
import type { PrecisionStatus, Reached } from '../experiment/estimates/precision.js';

export interface ProgressState {
  /** What is counted; replications unless it says otherwise. */
  readonly noun?: string;
  readonly finished: number;
  readonly total: number;
  /** Sum of the done shares of all replications, the finished ones counting 1. */
  readonly done: number;
  /** What is left, in the unit of `done`; `total` less `done` unless it says otherwise. */
  readonly left?: number;
  /** Requests simulated by the finished replications. */
  readonly requests: number;
  /** How near the last round came to the precision that is wanted; null where none is, and before. */
  readonly precision?: PrecisionStatus | null;
}

export interface Progress {
  stop(): void;
}

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 30_000;

/**
 * Shows `read()` until stopped: on a terminal one line, ten times a second at most, removed at the end; elsewhere a
 * line every 30 s, so that a log of a long run says that it is alive.
 */
export function showProgress(
  stream: NodeJS.WriteStream,
  read: () => ProgressState,
  clockMs: () => number,
  env: NodeJS.ProcessEnv = process.env,
): Progress {
  const isLive = stream.isTTY === true && (env.CI ?? '') === '' && env.TERM !== 'dumb';
  const startMs = clockMs();
  const show = (): void => {
    const line = progressLine(read(), (clockMs() - startMs) / 1000);
    if (isLive) stream.write(`\r\u001b[2K${line.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
    else stream.write(`gvlsim: ${line}\n`);
  };
  const timer = setInterval(show, isLive ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      if (isLive) stream.write('\r\u001b[2K');
    },
  };
}

/** Progress as the user wants it: on stderr, or none. */
export function progressFor(
  { progress, quiet }: { readonly progress: boolean; readonly quiet: boolean },
  read: () => ProgressState,
): Progress {
  if (!progress || quiet) return { stop: () => {} };
  return showProgress(process.stderr, read, () => performance.now());
}

/** E.g. `12/50 replications, 1.4 replications/s, about 27 s left`. */
export function progressLine(state: ProgressState, elapsedSec: number): string {
  const { noun = 'replications', finished, done, requests, precision } = state;
  const total = expectedTotal(state);
  const left = state.left ?? total - done;
  const parts = [`${finished}/${total === state.total ? '' : 'about '}${total} ${noun}`];
  if (precision?.worst) parts.push(precisionText(precision.worst));
  if (done > 0 && elapsedSec > 0) {
    if (requests > 0) parts.push(`${Math.round(requests / elapsedSec).toLocaleString('en')} requests/s`);
    parts.push(`about ${spanText((left * elapsedSec) / done)} left`);
  }
  return parts.join(', ');
}

/** With a precision to reach: as many as the last round says it will probably take. */
function expectedTotal({ total, precision }: ProgressState): number {
  if (!precision || precision.next === null) return total;
  const configurations = Math.round(total / precision.next);
  return Math.max(total, configurations * precision.expected);
}

/** E.g. `latency_ms p95 of puma known to 4.1 % of 2 %`. */
function precisionText({ variant, target, relative }: Reached): string {
  const known = relative === null ? 'no interval yet' : `known to ${percent(relative)}`;
  return `${target.metric} ${target.statistic} of ${variant} ${known}, wanted ${percent(target.relative)}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** A span of time for people: `27 s`, `12 min`, `3.5 h`. */
export function spanText(sec: number): string {
  if (sec < 90) return `${Math.ceil(sec)} s`;
  if (sec < 5400) return `${Math.round(sec / 60)} min`;
  return `${(sec / 3600).toFixed(1)} h`;
}
