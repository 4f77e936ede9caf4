import type { Row } from '../../report/csv.js';
import { rowAsObject } from '../../report/json.js';
import { SCHEMA_VERSION } from '../../report/outputs/manifest.js';
import { REPLAY_CHECK } from '../../report/tables.js';
import type { CommonArgs, Format } from '../arguments/options.js';
import { showsUnicode } from '../terminal.js';
import { gvlsimVersion } from '../version.js';
import { formatted } from './formatted.js';
import { paintFor } from './paint.js';
import { type CheckedReplay, replayTable } from './replay-table.js';
import { ASCII_SYMBOLS, UNICODE_SYMBOLS } from './symbols.js';

/** What `gvlsim replay-check` gives stdout. */
export function replayText(replayed: CheckedReplay, rows: readonly Row[], format: Format, args: CommonArgs): string {
  return formatted(format, {
    table: REPLAY_CHECK,
    rows: () => rows,
    json: () => asJson(replayed, rows),
    text: (isMarkdown) => `${humanTable(replayed, isMarkdown, args)}\n`,
  });
}

function asJson({ scenario, measuredFile, replays, warmUp, check }: CheckedReplay, rows: readonly Row[]): object {
  return {
    schema_version: SCHEMA_VERSION,
    command: 'replay-check',
    gvlsim_version: gvlsimVersion(),
    scenario,
    measured_file: measuredFile,
    replays,
    matched: check.matched,
    measured_failed: check.measuredFailed,
    simulated_failed: check.simulatedFailed,
    not_replayed: check.notReplayed,
    not_measured: check.notMeasured,
    warm_up: warmUp,
    figures: rows.map((row) => rowAsObject(REPLAY_CHECK, row)),
  };
}

function humanTable(replayed: CheckedReplay, isMarkdown: boolean, args: CommonArgs): string {
  return replayTable(replayed, {
    symbols: isMarkdown || showsUnicode(process.stdout) ? UNICODE_SYMBOLS : ASCII_SYMBOLS,
    isMarkdown,
    paint: paintFor(process.stdout, { color: args.color && !isMarkdown }),
  });
}
