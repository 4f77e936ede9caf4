/** `npm run claims`: simulates every claim and writes docs/claims.md. Needs the build in dist/. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const out = mkdtempSync(join(tmpdir(), 'gvlsim-claims-'));
const { status } = spawnSync(process.execPath, [join(ROOT, 'bin/gvlsim.js'), 'claims', '--out', out], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (status === 0) {
  const page = readFileSync(join(out, 'claims.md'), 'utf8');
  const fromOut = relative(out, join(ROOT, 'claims')).split(sep).join('/');
  writeFileSync(join(ROOT, 'docs/claims.md'), page.replaceAll(`](${fromOut}/`, '](../claims/'));
}
rmSync(out, { recursive: true, force: true });
process.exitCode = status ?? 1;
