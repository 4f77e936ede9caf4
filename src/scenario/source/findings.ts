import type { Code, Finding, Place, Problem } from '../../schema/index.js';
import { locate, type Tree } from './tree.js';

export interface Remark {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly at?: 'key' | 'value';
}

/** Collects problems and warnings about one tree, each with the place of what it speaks about. */
export class Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];

  constructor(private readonly tree: Tree) {
    this.problems = [];
    this.warnings = [];
  }

  problem(path: readonly PropertyKey[], remark: Remark): void {
    this.problems.push(this.placed(path, remark));
  }

  warning(path: readonly PropertyKey[], remark: Remark): void {
    this.warnings.push(this.placed(path, remark));
  }

  /** What the schema found. */
  add(finding: Finding): void {
    this.problems.push(this.placed(finding.path, finding));
  }

  /** A problem in another file, e.g. in a row of a CSV file. */
  elsewhere(place: Place, path: readonly PropertyKey[], remark: Remark): void {
    this.problems.push({ ...this.placed(path, remark), ...place });
  }

  /** File that names the value at `path`. */
  fileAt(path: readonly PropertyKey[]): string {
    return locate(this.tree, path, 'value').file;
  }

  private placed(path: readonly PropertyKey[], remark: Remark): Problem {
    const { file, line, column, length, excerpt, path: where } = locate(this.tree, path, remark.at ?? 'value');
    const { code, message, hint = '', expected = '', received = '' } = remark;
    return { file, line, column, length, excerpt, path: where, code, message, expected, received, hint };
  }
}
