/**
 * What a request needs next. The letters are those of the `phases` column of recorded traces.
 *
 * | kind | letter | needs the GVL | needs a core |
 * |---|---|---|---|
 * | Cpu | c | yes | yes |
 * | Io | i | no | no |
 * | Hold | h | yes | no (a C call that blocks without releasing the lock; nothing interrupts it, however long) |
 * | ShortHolds | s | yes | no (such calls of 1 ms, one after the other, so that time slices end between them) |
 * | Native | n | no | yes (a C call that works after releasing the lock) |
 * | Allocate | a | yes | yes; its length follows from the objects it allocates |
 * | Call | | no | no; goes to a named service, through a pool of connections |
 * | Async | | no | no; successive ones of a group are made at the same time |
 * | Lock, Unlock | | yes | no; a mutex of the process |
 */
export const PhaseKind = {
  Cpu: 0,
  Io: 1,
  Hold: 2,
  Native: 3,
  Allocate: 4,
  Call: 5,
  Async: 6,
  Lock: 7,
  Unlock: 8,
  ShortHolds: 9,
} as const;
export type PhaseKind = (typeof PhaseKind)[keyof typeof PhaseKind];
