/**
 * What this project uses of csv-parse, for the portable compilation: the package's own types refer to Node's.
 * `tsconfig.portable.json` maps the import here.
 */
export interface Options {
  readonly bom?: boolean;
  readonly skip_empty_lines?: boolean;
  readonly trim?: boolean;
  readonly info?: boolean;
  readonly raw?: boolean;
  readonly from?: number;
  readonly to?: number;
}

export declare function parse(input: string, options: Options): unknown[];

export declare class CsvError extends Error {
  readonly code: string;
  readonly [key: string]: unknown;
}
