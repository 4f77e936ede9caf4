/**
 * The release that a version belongs to as a number that can be compared: 303 for `3.3` and `3.3.8`; Infinity for
 * `master`, which is newer than all.
 *
 * @param version as in the scenario
 */
export function releaseOf(version: string): number {
  if (version === 'master') return Number.POSITIVE_INFINITY;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
}
