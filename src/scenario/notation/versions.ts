import type { GvlPolicyName } from '../../model/spec.js';

export const RUBY_HINT = 'write major and minor, in quotes: "3.1", "3.3", "3.4", or master';
export const PYTHON_HINT = 'write major and minor, in quotes: "3.12"';

/**
 * Rules by which the threads of a Ruby process take turns, by version; null for versions that are not simulated.
 * The lock was rewritten for 3.3 (ruby/ruby thread_pthread.c, Bug #19842) and got a hint to the last holder in 2026.
 */
export function rubyPolicy(version: string): GvlPolicyName | null {
  if (version === 'master') return 'hot-thread';
  const match = /^(\d+)\.(\d+)(\.\d+)?$/.exec(version);
  if (match === null) return null;
  const number = Number(match[1]) * 1000 + Number(match[2]);
  if (number < 2006 || number > 4001) return null;
  if (number <= 3002) return isReleased(number) ? 'barging-deadline' : null;
  if (number === 4001) return 'hot-thread';
  return isReleased(number) ? 'fifo-ticks' : null;
}

/** 2.6, 2.7, 3.0 to 3.5, 4.0. */
function isReleased(number: number): boolean {
  return number === 2006 || number === 2007 || (number >= 3000 && number <= 3005) || number === 4000;
}

/** The timer that counts time slices ticks every 10 ms since Ruby 3.3. */
export function hasTicks(policy: GvlPolicyName): boolean {
  return policy === 'fifo-ticks' || policy === 'hot-thread' || policy === 'mn-threads';
}

/** Whether a version of Ruby is `major.minor` or newer; master is newer than all. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  if (version === 'master') return true;
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
}

/** RUBY_THREAD_TIMESLICE exists since Ruby 3.4 (Feature #20861). */
export function honoursTimeslice(version: string): boolean {
  return isAtLeast(version, 3, 4);
}

/** CPython's lock has had its present form since 3.2. */
export function isPythonSimulated(version: string): boolean {
  const match = /^3\.(\d+)(\.\d+)?$/.exec(version);
  return match !== null && Number(match[1]) >= 2;
}
