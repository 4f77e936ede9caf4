import type { ManifestContext } from '../../report/outputs/manifest.js';
import { gvlsimVersion } from '../version.js';
import type { WrittenFile } from './out-directory.js';

/** What a manifest says of this machine and this moment. */
export function manifestContext(
  command: string,
  wallTimeSec: number,
  files: readonly WrittenFile[],
  notes: readonly string[] = [],
): ManifestContext {
  return {
    command,
    gvlsimVersion: gvlsimVersion(),
    engine: { node: process.versions.node, v8: process.versions.v8 },
    platform: { os: process.platform, arch: process.arch },
    wallTimeSec: Math.round(1000 * wallTimeSec) / 1000,
    files,
    notes,
  };
}
