import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Few runs of each variant: the reference shows changes, it does not measure. */
const REPLICATIONS = 3;

/** What is kept of summary.csv and comparison.csv, by metric: enough to notice any change, short enough to read. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  latency_ms: ['mean', 'p50', 'p95', 'p99'],
  backlog_ms: ['mean', 'p99'],
  queue_ms: ['mean', 'p99'],
  service_ms: ['mean', 'p99'],
  gvl_wait_ms: ['mean', 'p99'],
  gc_ms: ['mean', 'p99'],
  cpu_wait_ms: ['mean'],
  throughput_per_s: ['mean'],
  error_ratio: ['mean'],
  gvl_utilisation_ratio: ['mean'],
  core_utilisation_ratio: ['mean'],
  rss_mib: ['mean', 'max'],
  pss_mib: ['mean', 'max'],
  memory_limit_crossed_ratio: ['mean'],
  oom_kills_count: ['mean'],
  worker_kills_count: ['mean'],
};

/** Names of the scenarios in scenarios/ that compare variants, without ending. */
export function scenarioNames(): string[] {
  const hasVariants = (file: string): boolean =>
    file.endsWith('.yml') && /^variants:/m.test(readFileSync(join(ROOT, 'scenarios', file), 'utf8'));
  const files = readdirSync(join(ROOT, 'scenarios')).filter(hasVariants);
  return files.map((file) => file.slice(0, -'.yml'.length)).sort();
}

/**
 * Simulates scenarios/NAME.yml with the build in dist/ and writes the kept rows of its tables to `directory`.
 *
 * @throws Error with what gvlsim said, if it fails
 */
export function writeReferenceResult(name: string, directory: string): void {
  const out = mkdtempSync(join(tmpdir(), 'gvlsim-reference-'));
  try {
    // One job: for so few runs the start of a second thread costs more than it saves.
    const options = ['--replications', String(REPLICATIONS), '--jobs', '1', '--out', out, '--quiet'];
    const args = ['compare', `scenarios/${name}.yml`, ...options];
    const command = [join(ROOT, 'bin/gvlsim.js'), ...args];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`gvlsim ${args.join(' ')}\n${stderr}`);
    mkdirSync(directory, { recursive: true });
    for (const table of ['summary.csv', 'comparison.csv']) {
      writeFileSync(join(directory, table), keptRows(readFileSync(join(out, table), 'utf8')));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** The header and the kept rows. The columns up to `statistic` never hold a comma or a quote. */
function keptRows(csv: string): string {
  const lines = csv.trimEnd().split('\n');
  const names = lines[0]!.split(',');
  const [metric, statistic] = [names.indexOf('metric'), names.indexOf('statistic')];
  const isKept = (line: string): boolean => {
    const cells = line.split(',', statistic + 1);
    return KEPT[cells[metric]!]?.includes(cells[statistic]!) ?? false;
  };
  return `${[lines[0], ...lines.slice(1).filter(isKept)].join('\n')}\n`;
}
