/**
 * malloc'ed bodies of the objects in a heap, as bytes: those of objects that stay, those that threads hold, and all others, of which a collection
 * frees as large a part as it finds objects dead.
 */
export class HeapBodies {
  /** malloc'ed since the last collection [bytes]. */
  sinceCollection: number;
  /** Of objects that no sweep is to free yet, those that stay excluded [bytes]. */
  private passing: number;
  /** Of objects that stay [bytes]. */
  private staying: number;

  constructor() {
    this.sinceCollection = 0;
    this.passing = 0;
    this.staying = 0;
  }

  /** All that have been malloc'ed by requests and not been found dead [bytes]. */
  get bytes(): number {
    return this.passing + this.staying;
  }

  allocated(bytes: number): void {
    this.passing += bytes;
    this.sinceCollection += bytes;
  }

  /** So many bytes belong to objects that stay: no collection frees them. */
  setAside(bytes: number): void {
    const moved = Math.min(bytes, this.passing);
    this.passing -= moved;
    this.staying += moved;
  }

  /** So many bytes belong to objects that stayed and do no longer. */
  giveBack(bytes: number): void {
    const moved = Math.min(bytes, this.staying);
    this.staying -= moved;
    this.passing += moved;
  }

  /**
   * A collection has found garbage; the bodies of it are a sweep's from now on. What threads hold has its own bytes, the rest is spread
   * evenly over the other objects.
   *
   * @param garbage dead objects that it found
   * @param others objects that do not stay and that it left
   * @param held of them, those that threads hold
   * @param heldBytes their bodies [bytes]
   * @returns bytes of the bodies of the garbage
   */
  collected(garbage: number, others: number, held: number, heldBytes: number): number {
    const loose = Math.max(0, this.passing - heldBytes);
    const dead = garbage > 0 ? (loose * garbage) / (garbage + others - Math.min(others, held)) : 0;
    this.passing -= dead;
    this.sinceCollection = 0;
    return dead;
  }
}
