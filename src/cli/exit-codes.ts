import { wrapped } from '../schema/wrapped.js';

/** What the exit code of `gvlsim` says. */
export const Exit = {
  Ok: 0,
  /** A bug in gvlsim, or the machine failed it (disk full). */
  Internal: 1,
  /** Wrong command line, invalid scenario, a result directory that may not be used. */
  Usage: 2,
  /** Only with --strict: the result is there but should not be relied on. */
  NotTrustworthy: 3,
  /** An objective (`slo:`) of the scenario is not met, beyond doubt; `compare`: by none of the variants. */
  Threshold: 99,
  /** Ctrl-C. What was finished has been written. */
  Interrupted: 130,
  /** SIGTERM; otherwise as for Ctrl-C. */
  Terminated: 143,
} as const;

const MEANINGS: Readonly<Record<number, string>> = {
  [Exit.Ok]: 'done',
  [Exit.Internal]: 'internal error, or the disk failed',
  [Exit.Usage]: 'wrong usage, or the scenario is not valid',
  [Exit.NotTrustworthy]: 'with --strict: the result is not trustworthy (unstable, too short, an objective undecided)',
  [Exit.Threshold]: 'an objective (slo:) is not met; compare: by no variant',
  [Exit.Interrupted]: 'interrupted (Ctrl-C); what was finished is written, or kept for --resume',
  [Exit.Terminated]: 'the same after SIGTERM',
};

/** What the codes mean, for a help text. @param codes those that a command may end with */
export function exitCodesText(width: number, codes: readonly number[] = Object.values(Exit)): string {
  const lines = codes.map((code) => {
    const text = wrapped(MEANINGS[code]!, Math.max(20, width - INDENT.length - 1));
    return `  ${String(code).padStart(3)}  ${text.join(`\n${INDENT}`)}`;
  });
  return ['Exit codes:', ...lines].join('\n');
}

/** As wide as a code. */
const INDENT = ' '.repeat(7);
