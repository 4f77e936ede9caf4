export interface Pairing {
  readonly gains: readonly (readonly [string, number])[];
  readonly replications: number;
}
export async function pairing(): Promise<Pairing> {
  return { gains: [], replications: 0 };
}
