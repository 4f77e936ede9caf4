import type { Distribution } from '../../random/distribution.js';
import { createConstant, DistributionError } from '../../random/distributions/index.js';
import type { DistributionSource } from '../../random/distributions/params.js';
import { TableError } from '../csv/table.js';
import type { Tables } from '../csv/tables.js';
import { readTimes } from '../csv/times.js';
import type { Findings } from '../source/findings.js';
import { resolvePath } from '../source/paths.js';
import { unreadable } from '../source/unreadable.js';

type Path = readonly PropertyKey[];

/** What every part of the builder needs: where problems go, and where files come from. */
export class BuildContext {
  constructor(
    readonly findings: Findings,
    readonly tables: Tables,
  ) {}

  /** The distribution written at `path`. On a problem it is reported, and a constant stands in. */
  distribution(source: DistributionSource, path: Path): Distribution {
    const readColumn = (file: string, column: string) => {
      const times = this.fromFile([...path, 'empirical', 'file'], file, (table) => readTimes(table, column));
      return times ?? [1];
    };
    try {
      return source.create(readColumn);
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
      const [first] = error.parameters;
      const at = error.parameters.length === 1 ? [...path, error.family, first!] : [...path, error.family];
      this.findings.problem(at, { code: 'SCN_DISTRIBUTION', message: error.message, at: 'key' });
      return createConstant(1);
    }
  }

  /** Something read from a table whose name is written at `path`; on a problem it is reported, and the result is null. */
  fromFile<T>(path: Path, file: string, read: (table: ReturnType<Tables['open']>) => T): T | null {
    const resolved = this.resolve(path, file);
    try {
      return read(this.tables.open(resolved));
    } catch (error) {
      if (error instanceof TableError) {
        for (const { place, message } of [error, ...error.others]) {
          this.findings.elsewhere(place, path, { code: 'SCN_CSV', message });
        }
        return null;
      }
      this.findings.problem(path, { code: 'SCN_FILE', ...unreadable(resolved, error) });
      return null;
    }
  }

  /** The file named at `path`, as the reader is asked for it. */
  resolve(path: Path, file: string): string {
    return resolvePath(this.findings.fileAt(path), file);
  }
}
