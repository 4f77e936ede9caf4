import type { Nanos } from '../kernel/time.js';

/** Something that is done to a running system at a stated time; see `Operations`. */
export type OperationSpec = { readonly atNs: Nanos } & (
  | { readonly kind: 'phased-restart'; readonly withinNs: Nanos }
  | { readonly kind: 'reload'; readonly withinNs: Nanos }
  | { readonly kind: 'full-restart'; readonly quietNs: Nanos; readonly withinNs: Nanos }
  | { readonly kind: 'rolling-restart'; readonly atATime: number; readonly graceNs: Nanos; readonly withinNs: Nanos }
  | { readonly kind: 'worker-loss'; readonly host: number; readonly worker: number }
  | {
      readonly kind: 'host-loss';
      readonly host: number;
      readonly isSilent: boolean;
      readonly backAfterNs: Nanos;
      readonly noticedAfterNs: Nanos;
    }
);
