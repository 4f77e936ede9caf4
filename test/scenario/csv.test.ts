import { describe, expect, it } from 'vitest';
import { readPhases, readUpload } from '../../src/scenario/csv/phases.js';
import { scenario } from './bad-inputs.js';
import { load } from './load-text.js';

const REPLAY = scenario({ app: 'app: {recorded: {file: t.csv}}', load: 'load: {recorded: {file: t.csv}}', run: '' });

function replay(csv: string) {
  return load(REPLAY, { 't.csv': csv });
}

describe('a trace with a mistake', () => {
  it.each([
    ['', '1:1', 'empty'],
    ['arrival_ms,phases\n', '1:1', 'no rows'],
    ['arrival_ms,demand\n1,c3\n', '1:1', 'no column is called phases; there are arrival_ms, demand'],
    ['arrival_ms,phases\n0,c10\n5,c10;x3\n', '3:3', 'received "c10;x3"'],
    ['arrival_ms,phases\n0,c10\n\n5,\n', '4:3', 'received ""'],
    ['arrival_ms,phases\n0,a50:60\n', '2:3', 'received "a50:60"'],
    ['arrival_ms,phases\n0,c10\n5,c10,7\n', '3:1', 'another number of cells'],
    ['arrival_ms,phases\n0,"c10\n5,c10\n', '3:1', 'never closed'],
    ['arrival_ms,phases\n0,c10\nsoon,c10\n', '3:1', 'received "soon"'],
    ['arrival_ms,phases\n-1,c10\n', '2:1', 'received "-1"'],
    ['id,arrival_ms,phases\n1,5,c10\n2,4,c10\n', '3:3', 'must not decrease'],
    ['arrival_ms,phases,class\n0,c10,all\n', '2:7', 'all classes'],
    ['arrival_ms,phases,client\n0,c10,slow:1\n', '2:7', 'slow:<bytes>:<chunks>:<ms>'],
    ['arrival_ms,phases,phases\n0,c1,c1\n', '1:19', 'two columns'],
  ])('%j', (csv, place, says) => {
    const [problem] = replay(csv).problems;
    expect([problem!.file, `${problem!.line}:${problem!.column}`, problem!.code]).toEqual(['t.csv', place, 'SCN_CSV']);
    expect(problem!.message).toContain(says);
  });
});

describe('a trace with many mistakes', () => {
  it('is told of the first five rows of each column', () => {
    const rows = Array.from({ length: 9 }, (_, k) => `${k < 2 ? 'soon' : k},x${k}`);
    const { problems } = replay(`arrival_ms,phases\n${rows.join('\n')}\n`);
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual([
      '2:1',
      '2:6',
      '3:1',
      '3:6',
      '4:3',
      '5:3',
      '6:3',
    ]);
  });
});

describe('a trace', () => {
  it('may have quotes, blanks, windows line ends and a byte-order mark; other columns are ignored', () => {
    const { experiment, problems } = replay(
      '\uFEFFid,phases,note, arrival_ms\r\n"a,1","c1.5; i2",x,0.25\r\n\r\nb,n3,y,1\r\n',
    );
    expect(problems).toEqual([]);
    const { app, load: arrivals } = experiment!.configurations[0]!.system;
    expect(app.recorded!.ids).toEqual(['a,1', 'b']);
    expect([...app.recorded!.phaseDemand]).toEqual([1.5e6, 2e6, 3e6]);
    expect(arrivals).toEqual({ kind: 'recorded', arrivalNs: Float64Array.of(250_000, 1e6) });
  });

  it('without ids counts its rows from 1; classes are numbered as they appear', () => {
    const { app } = replay('arrival_ms,phases,class\n0,c1,web\n1,c1,api\n2,c1,web\n').experiment!.configurations[0]!
      .system;
    expect(app.recorded!.ids).toEqual(['1', '2', '3']);
    expect([...app.recorded!.classOf]).toEqual([0, 1, 0]);
    expect(app.classes.map((c) => c.name)).toEqual(['web', 'api']);
  });

  it('runs to its end, without warm-up, unless the file says otherwise', () => {
    expect(replay('arrival_ms,phases\n0,c1\n').experiment!.run).toMatchObject({
      requests: Infinity,
      durationNs: Infinity,
      warmup: { kind: 'time', ns: 0 },
    });
  });

  it('goes row by row with its arrivals: no random order', () => {
    const text = REPLAY.replace('{file: t.csv}}', '{file: t.csv, order: random}}');
    expect(load(text, { 't.csv': 'arrival_ms,phases\n0,c1\n' }).problems[0]).toMatchObject({
      code: 'SCN_COMBINATION',
      line: 5,
      path: 'app.recorded.order',
    });
  });

  it('is relative to the file that names it', () => {
    const files = { 'base/base.yml': REPLAY, 'base/t.csv': 'arrival_ms,phases\n0,c1\n' };
    const { experiment, problems } = load('version: 1\nextends: base/base.yml\n', files);
    expect(problems).toEqual([]);
    expect(experiment!.resolved).toMatchObject({
      app: { recorded: { file: 'base/t.csv' } },
      load: { recorded: { file: 'base/t.csv' } },
    });
  });
});

describe('the phases column', () => {
  it('takes letters with milliseconds, and a with objects', () => {
    expect(readPhases('c12.5;i30;h8;n8;a50000:5000;a7')).toEqual([
      { kind: 0, demand: 12.5e6, kept: 0 },
      { kind: 1, demand: 30e6, kept: 0 },
      { kind: 2, demand: 8e6, kept: 0 },
      { kind: 3, demand: 8e6, kept: 0 },
      { kind: 4, demand: 50000, kept: 5000 },
      { kind: 4, demand: 7, kept: 0 },
    ]);
  });

  it('rounds to whole nanoseconds', () => {
    expect(readPhases('c0.0000014')![0]!.demand).toBe(1);
  });

  it.each(['', ';', 'c', 'c-1', 'c1;', 'C1', 'c1e3', 'a1.5', 'a5:6', 'z1', 'c99999999999999'])('refuses %j', (text) => {
    expect(readPhases(text)).toBeNull();
  });

  it('a slow client takes as long as it says', () => {
    expect(readUpload('slow:65536:16:1500')).toBe(1500e6);
    expect(readUpload('')).toBe(0);
    expect(readUpload('slow:65536:0:1500')).toBeNull();
    expect(readUpload('fast')).toBeNull();
  });
});
