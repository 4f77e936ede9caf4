/**
 * `npm run validate:sweep-memory [-- --cells=10000]`: memory of `gvlsim sweep` while it simulates a thousand cells and ten
 * times as many, tiny ones. Ends with 1 if the larger sweep needs more memory. Two minutes on an idle
 * machine; Linux only.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CELLS = Number(/^--cells=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? 10_000);
/** Room for the garbage that the collector has not looked at yet, and for the one line a cell that is kept (200 bytes). */
const ALLOWED_MIB = 40;
const BIN = fileURLToPath(new URL('../bin/gvlsim.js', import.meta.url));

const scenario = (cells: number): string => `version: 1
name: soak
host: {cores: 2}
ruby: {version: "3.3", gc: "off"}
server: {unicorn: {worker_processes: 2}}
overheads: none
app: {classes: [{name: only, cpu: {exponential: {mean: 10ms}}}]}
run: {requests: 20, replications: 1, seed: 1, warmup: 0.1}
sweep:
  load.open.rate: {from: 20/s, to: 120/s, steps: ${cells / 4}}
  server.unicorn.worker_processes: [1, 2, 3, 4]
`;

/** Peak resident memory of a sweep with one job [MiB], and how long it took [s]. */
async function measured(cells: number): Promise<{ peakMiB: number; seconds: number; fileMiB: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'gvlsim-soak-'));
  try {
    writeFileSync(join(folder, 'soak.yml'), scenario(cells));
    const start = performance.now();
    const child = spawn(process.execPath, [BIN, 'sweep', 'soak.yml', '--out', 'out', '--jobs', '1', '--quiet'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    let peakMiB = 0;
    const timer = setInterval(() => {
      peakMiB = Math.max(peakMiB, residentMiB(child.pid!));
    }, 200);
    const code = await new Promise((resolve) => child.on('exit', resolve));
    clearInterval(timer);
    if (code !== 0) throw new Error(`gvlsim sweep ended with ${code}`);
    const fileMiB = statSync(join(folder, 'out', 'sweep.csv')).size / 2 ** 20;
    return { peakMiB, seconds: (performance.now() - start) / 1000, fileMiB };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Highest so far, as Linux has it; 0 when the process is gone. */
function residentMiB(pid: number): number {
  try {
    const line = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? 0 : Number(line[1]) / 1024;
  } catch {
    return 0;
  }
}

const tell = (cells: number, { peakMiB, seconds, fileMiB }: Awaited<ReturnType<typeof measured>>): void =>
  console.log(
    `${cells} cells: at most ${peakMiB.toFixed(0)} MiB resident, sweep.csv ${fileMiB.toFixed(0)} MiB, ${seconds.toFixed(0)} s`,
  );

const few = await measured(CELLS / 10);
tell(CELLS / 10, few);
const many = await measured(CELLS);
tell(CELLS, many);
if (many.peakMiB > few.peakMiB + ALLOWED_MIB) {
  console.error(`more than ${ALLOWED_MIB} MiB more: what is finished is not let go`);
  process.exitCode = 1;
}
