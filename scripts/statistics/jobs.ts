import { coverage } from './coverage.js';
import { stopping } from './stopping.js';
import { KNOWN_SYSTEMS } from './systems.js';
import { STARTS, warmUpBias } from './warm-up-bias.js';

/** A share of the experiments of one kind: small enough to be done in some seconds. */
export interface Job {
  /** `coverage:NAME`, `stopping:NAME` or `warm-up:START`. */
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Runs a job; its outcome consists of counts and sums. */
export async function runJob({ what, from, to }: Job): Promise<Record<string, number>> {
  const [kind, name] = what.split(':') as [string, string];
  if (kind === 'warm-up') return { ...(await warmUpBias(name as keyof typeof STARTS, from, to)) };
  const system = KNOWN_SYSTEMS.find((one) => one.name === name)!;
  return kind === 'stopping' ? { ...stopping(system, from, to) } : { ...coverage(system, from, to) };
}

/** Everything that the page shows, in pieces of so many experiments. */
export function allJobs(experiments: number): Job[] {
  const pieces = (what: string, count: number, size: number): Job[] =>
    Array.from({ length: Math.ceil(count / size) }, (_, k) => ({
      what,
      from: k * size,
      to: Math.min(count, (k + 1) * size),
    }));
  return [
    ...KNOWN_SYSTEMS.flatMap(({ name }) => pieces(`coverage:${name}`, experiments, 50)),
    ...pieces('stopping:mm1-50', experiments, 100),
    ...Object.keys(STARTS).flatMap((start) => pieces(`warm-up:${start}`, experiments / 5, 20)),
  ];
}
