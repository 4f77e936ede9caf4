/**
 * What a request needs next. The letters are those of the `phases` column of recorded traces.
 *
 * | kind | letter | needs the GVL | needs a core |
 * |---|---|---|---|
 * | Cpu | c | yes | yes |
 * | Io | i | no | no |
 * | Hold | h | yes | no (C calls that block without releasing the lock, one short one after the other) |
 * | Stall | s | yes | no (the same in a single call that nothing interrupts, however long) |
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
  Stall: 9,
} as const;
export type PhaseKind = (typeof PhaseKind)[keyof typeof PhaseKind];
