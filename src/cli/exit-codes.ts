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

export const EXIT_CODES_TEXT = `Exit codes:
    0  done
    1  internal error, or the disk failed
    2  wrong usage, or the scenario is not valid
    3  with --strict: the result is not trustworthy (unstable, too short, an objective undecided)
   99  an objective (slo:) is not met; compare: by no variant
  130  interrupted (Ctrl-C); what was finished is written, or kept for --resume
  143  the same after SIGTERM`;
