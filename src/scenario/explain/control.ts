import { limitType } from '../../model/control/admission/limits/index.js';
import type { SystemSpec } from '../../model/spec.js';
import { formatDuration } from '../../schema/index.js';
import { percent } from './words.js';

/** What keeps the system from doing more than it can, in words; nothing where nothing does. */
export function explainControl({ control }: SystemSpec): [string, string][] {
  if (control === undefined) return [];
  const { queueAge, admission, adaptiveThreads, autoscaler } = control;
  const parts: string[] = [];
  if (admission !== null) {
    const { kind, value } = admission;
    parts.push(`requests in a host: ${limitType(kind).explain(value)}; others get 503`);
  }
  if (queueAge !== null)
    parts.push(`503 for requests older than ${formatDuration(queueAge.limitNs)} when their turn comes`);
  if (adaptiveThreads !== null) {
    const { above, below, min } = adaptiveThreads;
    parts.push(
      `a thread fewer in a process (down to ${min}) while requests wait for the GVL for more than ${percent(above)} of their time, one more below ${percent(below)}`,
    );
  }
  if (autoscaler !== null) {
    const { signal, min, max, periodNs, bootNs } = autoscaler;
    const by = signal.kind === 'queue_time' ? `queue time` : `${signal.kind} at ${percent(signal.target)}`;
    parts.push(
      `an autoscaler, ${min} to ${max} hosts by ${by}, every ${formatDuration(periodNs)}, a host boots in ${formatDuration(bootNs)}; what is said of all hosts is of ${max}`,
    );
  }
  return parts.map((text) => ['control', text]);
}
