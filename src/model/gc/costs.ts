/** CPU time of the parts of a collection, and of the Ruby code that allocates. */
export interface CollectionCosts {
  /** Start of any collection: stopping, roots [ns]. */
  readonly startNs: number;
  /** For each heap page at the start of a minor collection: remembered sets, mark bits [ns]. */
  readonly startPerPageNs: number;
  /** For each young object that a minor collection finds alive [ns]. */
  readonly youngNs: number;
  /** For each object that becomes old in it, in addition [ns]. */
  readonly promotedNs: number;
  /** For each live object that a major collection marks [ns]. */
  readonly markedNs: number;
  /** End of incremental marking: roots again, objects without write barrier [ns]. */
  readonly finishNs: number;
  /** For each slot swept, whatever is in it [ns]. */
  readonly sweptSlotNs: number;
  /** For each dead object freed by sweeping [ns]. */
  readonly freedObjectNs: number;
  /** For each KiB of malloc'ed bodies of dead objects [ns]. */
  readonly freedKibNs: number;
  /** Ruby code for each object of an `a` phase, collections excluded [ns]. */
  readonly allocationNs: number;
}
