import { measured, type Row } from './measured-tables.js';

/** Time that requests of the measured servers sleep for at their end, when they need no core [ms]. */
const SLEEP_AT_END_MS = 10;

/** An entry into the collector, and whether another worker on the same core had a request to run meanwhile. */
interface Entry {
  readonly kind: string;
  readonly ms: number;
  readonly isDisturbed: boolean;
}

/**
 * The rows of gc_servers.csv as measured, and behind each whose entries are known the same run with the means of its undisturbed entries alone.
 *
 * Two workers that share a core interrupt each other: an entry that overlaps with a request of the other one lasts for as long as the
 * scheduler lets the other one run. A replay does not know the scheduler, so the means of the entries without such an overlap say what
 * a collection costs. They are fewer, and a choice: both rows are compared.
 */
export function serverRuns(): Row[] {
  return measured('gc_servers.csv').flatMap((row) =>
    row.case === 'unicorn-2'
      ? [row, { ...row, run: `${row.run} undisturbed`, ...lengths(entriesOf(row.case), true) }]
      : [row],
  );
}

/** The entries of a run whose workers share a core. */
export function entriesOf(name: string): Entry[] {
  const busy = measured(`gc_server_${name}.csv`).map((row) => ({
    process: row.process!,
    fromMs: Number(row.start_ms),
    toMs: Number(row.end_ms) - SLEEP_AT_END_MS,
  }));
  return measured(`gc_entries_${name}.csv`).map((row) => {
    const fromMs = Number(row.start_ms);
    const ms = Number(row.dur_ms);
    const others = busy.filter(({ process }) => process !== row.process);
    return {
      kind: row.kind!,
      ms,
      isDisturbed: others.some((other) => other.fromMs < fromMs + ms && other.toMs > fromMs),
    };
  });
}

/**
 * Columns of gc_servers.csv.
 *
 * @param undisturbedOnly all entries count with the mean of the undisturbed ones of their kind
 */
export function lengths(entries: readonly Entry[], undisturbedOnly: boolean): Record<string, string> {
  const sum = (...kinds: readonly string[]) =>
    kinds.reduce((total, kind) => total + numberOf(entries, kind) * meanOf(entries, kind, undisturbedOnly), 0);
  const marking = sum('major_start', 'mark_step', 'mark_end');
  const sweeping = sum('sweep_step', 'sweep_end');
  return {
    minor_stop_ms: meanOf(entries, 'minor', undisturbedOnly).toFixed(3),
    major_mark_ms: (marking / numberOf(entries, 'major_start')).toFixed(3),
    sweep_ms_total: sweeping.toFixed(1),
    gc_ms_total: (sum('minor') + marking + sweeping).toFixed(1),
  };
}

function numberOf(entries: readonly Entry[], kind: string): number {
  return entries.filter((entry) => entry.kind === kind).length;
}

function meanOf(entries: readonly Entry[], kind: string, undisturbedOnly: boolean): number {
  const counted = entries.filter((entry) => entry.kind === kind && !(undisturbedOnly && entry.isDisturbed));
  return counted.reduce((sum, { ms }) => sum + ms, 0) / counted.length;
}
