/**
 * `npm run validate:sweep-memory [-- --cells=10000]`: memory of `gvlsim sweep` while it simulates a thousand tiny cells and ten
 * times as many: what is alive after a full collection, every two seconds, and the peak that is resident. Ends with 1 if the
 * larger sweep keeps more alive. Two minutes on an idle machine; Linux only.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CELLS = Number(/^--cells=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? 10_000);
/** Room for where a cell ends in the result files, 0.5 kB, and for what happens to be under way. Results of 9,000 cells would be 300 MiB. */
const ALLOWED_MIB = 16;
/** Runs in the sweep: says how much is alive. */
const WATCH = 'setInterval(() => { gc(); console.error("alive", process.memoryUsage().heapUsed); }, 2000).unref();';
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

interface Measured {
  readonly aliveMiB: number;
  readonly residentMiB: number;
  readonly seconds: number;
  readonly fileMiB: number;
}

/** A sweep with one job. */
async function measured(cells: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'gvlsim-soak-'));
  try {
    writeFileSync(join(folder, 'soak.yml'), scenario(cells));
    const start = performance.now();
    const watch = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(WATCH)}`];
    const args = [...watch, BIN, 'sweep', 'soak.yml', '--out', 'out', '--jobs', '1', '--quiet'];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let [alive, resident] = [0, 0];
    createInterface({ input: child.stderr }).on('line', (line) => {
      const bytes = /^alive (\d+)$/.exec(line)?.[1];
      if (bytes === undefined) console.error(line);
      alive = Math.max(alive, Number(bytes ?? 0) / 2 ** 20);
      resident = Math.max(resident, residentMiB(child.pid!));
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    if (code !== 0) throw new Error(`gvlsim sweep ended with ${code}`);
    const fileMiB = statSync(join(folder, 'out', 'sweep.csv')).size / 2 ** 20;
    return { aliveMiB: alive, residentMiB: resident, seconds: (performance.now() - start) / 1000, fileMiB };
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

const tell = (cells: number, { aliveMiB, residentMiB: resident, seconds, fileMiB }: Measured): void =>
  console.log(
    `${cells} cells: at most ${aliveMiB.toFixed(1)} MiB alive, ${resident.toFixed(0)} MiB resident; sweep.csv ${fileMiB.toFixed(0)} MiB; ${seconds.toFixed(0)} s`,
  );

const few = await measured(CELLS / 10);
tell(CELLS / 10, few);
const many = await measured(CELLS);
tell(CELLS, many);
if (many.aliveMiB > few.aliveMiB + ALLOWED_MIB) {
  console.error(`more than ${ALLOWED_MIB} MiB more: what is finished is not let go`);
  process.exitCode = 1;
}
