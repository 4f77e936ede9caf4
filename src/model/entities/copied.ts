/** The longer array, with what the shorter one holds at its beginning: how tables grow. */
export function copied<A extends Float64Array | Int32Array | Uint16Array | Uint8Array>(from: A, to: A): A {
  to.set(from as never);
  return to;
}
