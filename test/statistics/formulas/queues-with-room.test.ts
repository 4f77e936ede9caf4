import { describe, expect, it } from 'vitest';
import {
  choicesMeanSojourn,
  erlangB,
  mm1ImpatientLost,
  mm1MeanSojourn,
  mmckBlocked,
  mmckMeanSojourn,
  mmckProbabilities,
  mmcMeanSojourn,
  shorterOfTwoMeanSojourn,
  takingTurnsMeanSojourn,
} from '../../../src/statistics/formulas/index.js';

describe('M/M/c/K', () => {
  it.each([
    [1, 3, 0.5],
    [3, 10, 4],
    [5, 5, 2],
  ])('%i servers, room for %i, %d erlangs: probabilities add up', (servers, room, load) => {
    expect(mmckProbabilities(servers, room, load).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });

  it('without room to wait is Erlang B, with much room M/M/c', () => {
    expect(mmckBlocked(4, 4, 3)).toBeCloseTo(erlangB(4, 3), 12);
    expect(mmckMeanSojourn(4, 2000, 3)).toBeCloseTo(mmcMeanSojourn(4, 3, 1), 9);
  });

  it('M/M/1/2 at load 1 has three equally likely states', () => {
    expect(mmckBlocked(1, 2, 1)).toBeCloseTo(1 / 3, 12);
  });
});

describe('queues that somebody chooses', () => {
  it('two choices: values of Mitzenmacher 2001', () => {
    // Table 1 there: expected time in the limit for utilisations 0.5 and 0.9.
    expect(choicesMeanSojourn(0.5, 2)).toBeCloseTo(1.26566, 4);
    expect(choicesMeanSojourn(0.9, 2)).toBeCloseTo(2.61406, 3);
  });

  it('the shorter of two queues lies between one queue for two servers and two queues drawn at random', () => {
    const shorter = shorterOfTwoMeanSojourn(0.8);
    expect(shorter).toBeGreaterThan(mmcMeanSojourn(2, 1.6, 1));
    expect(shorter).toBeLessThan(takingTurnsMeanSojourn(2, 0.8));
    expect(takingTurnsMeanSojourn(2, 0.8)).toBeLessThan(mm1MeanSojourn(0.8, 1));
  });

  it('taking turns alone is M/M/1', () => {
    expect(takingTurnsMeanSojourn(1, 0.7)).toBeCloseTo(mm1MeanSojourn(0.7, 1), 9);
  });
});

describe('impatient customers of one server', () => {
  it('who wait not at all are those of Erlang B, who wait for ever are all served', () => {
    expect(mm1ImpatientLost(0.8, 1, 0)).toBeCloseTo(erlangB(1, 0.8), 12);
    expect(mm1ImpatientLost(0.8, 1, 1000)).toBeCloseTo(0, 12);
    expect(mm1ImpatientLost(2, 1, 1000)).toBeCloseTo(0.5, 9); // what is more than the server can do goes away
    expect(mm1ImpatientLost(1, 1, 3)).toBeCloseTo(mm1ImpatientLost(1 + 1e-7, 1, 3), 6);
  });
});
