/**
 * T5 and T6 once more, for half a second each (M:N: 0.4 s): what `programs.rb` printed [us], Ruby 3.1.2 and 3.3.8 (Debian), two cores that other
 * programs wanted, too (load of 4 to 7 in the first three runs of each version, of 13 in the last three; M:N 8 to 12).
 * In the same runs of M:N `pass 1` printed 0.041 0.041 0.042 0.041 0.044 0.046, `pass 2` 0.077 0.074 0.082 0.079 0.096 0.095.
 */
export interface Repeat {
  /** `trips 0 1`, `trips 0 2`, `trips 0 4`: time per call of one, two and four threads together. */
  readonly trips: readonly [one: number, two: number, four: number];
  /** `trips 12 1` and so on: with 12 us of work. */
  readonly working: readonly [one: number, two: number, four: number];
  /** `pingpong`: one way. */
  readonly pingPong: number;
}

export const REPEATS: Readonly<Record<'3.1' | '3.3' | '3.3 M:N', readonly Repeat[]>> = {
  '3.1': [
    { trips: [0.841, 1.573, 0.907], working: [11.056, 26.992, 13.009], pingPong: 16.798 },
    { trips: [0.943, 1.945, 1.044], working: [12.156, 13.89, 15.816], pingPong: 14.262 },
    { trips: [0.815, 1.439, 1.075], working: [11.119, 16.991, 16.469], pingPong: 20.718 },
    { trips: [1.031, 2.183, 1.043], working: [12.826, 16.896, 17.152], pingPong: 20.873 },
    { trips: [1.037, 1.642, 1.165], working: [13.592, 30.199, 18.083], pingPong: 24.084 },
    { trips: [1.015, 1.474, 1.067], working: [12.611, 19.337, 15.413], pingPong: 16.698 },
  ],
  '3.3': [
    { trips: [0.688, 16.206, 13.692], working: [8.223, 26.551, 22.815], pingPong: 19.193 },
    { trips: [0.67, 22.67, 17.616], working: [10.398, 40.369, 26.49], pingPong: 18.933 },
    { trips: [0.606, 8.8, 19.997], working: [10.071, 57.616, 75.269], pingPong: 23.166 },
    { trips: [0.783, 26.45, 19.124], working: [12.591, 40.502, 33.08], pingPong: 7.565 },
    { trips: [0.864, 18.708, 25.283], working: [11.697, 34.153, 30.398], pingPong: 24.405 },
    { trips: [0.695, 20.055, 16.513], working: [9.62, 20.057, 28.224], pingPong: 7.056 },
  ],
  '3.3 M:N': [
    { trips: [0.7, 0.752, 0.927], working: [7.57, 10.23, 8.2], pingPong: 0.506 },
    { trips: [0.751, 0.71, 1.121], working: [7.901, 13.197, 9.418], pingPong: 0.483 },
    { trips: [0.667, 1.347, 1.595], working: [7.437, 12.656, 12.471], pingPong: 0.513 },
    { trips: [0.759, 0.856, 1.279], working: [8.359, 13.365, 8.539], pingPong: 0.513 },
    { trips: [0.68, 0.825, 1.297], working: [8.838, 8.359, 9.391], pingPong: 0.482 },
    { trips: [0.674, 0.927, 2.138], working: [8.115, 14.221, 8.007], pingPong: 0.483 },
  ],
};
