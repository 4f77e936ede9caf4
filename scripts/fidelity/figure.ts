/** Quantile-quantile plots as plain SVG. */
import { quantiles } from '../../src/statistics/index.js';
import type { Comparison } from '../../test/support/fidelity.js';

const COLUMNS = 7;
const PANEL = 112;
const GAP_X = 34;
const GAP_Y = 42;
const LEVELS = Array.from({ length: 99 }, (_, k) => (k + 1) / 100);

export function quantileFigure(comparisons: readonly Comparison[]): string {
  const rows = Math.ceil(comparisons.length / COLUMNS);
  const width = COLUMNS * (PANEL + GAP_X) + GAP_X;
  const height = rows * (PANEL + GAP_Y) + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="9">`,
    '<title>Latency quantiles, simulated (up) against measured (right), one panel for each case</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...comparisons.map((comparison, index) => {
      const x = GAP_X + (index % COLUMNS) * (PANEL + GAP_X);
      const y = 24 + Math.floor(index / COLUMNS) * (PANEL + GAP_Y);
      return panel(comparison, x, y);
    }),
    '</svg>',
    '',
  ].join('\n');
}

function panel({ measured, realLatencyMs, simulatedLatencyMs }: Comparison, x: number, y: number): string {
  const real = quantiles(realLatencyMs, LEVELS);
  const simulated = quantiles(simulatedLatencyMs, LEVELS);
  const most = Math.max(real.at(-1)!, simulated.at(-1)!);
  const across = (value: number): string => ((value / most) * PANEL).toFixed(1);
  const up = (value: number): string => (PANEL - (value / most) * PANEL).toFixed(1);
  const points = real.map((value, k) => `${across(value)},${up(simulated[k]!)}`).join(' ');
  const [folder, name] = measured.id.split('/');
  return [
    `<g transform="translate(${x} ${y})">`,
    `<text y="-12" fill="#666">${folder} (Ruby ${measured.ruby})</text><text y="-2">${name!.slice(0, 27)}</text>`,
    `<rect width="${PANEL}" height="${PANEL}" fill="#f7f7f7" stroke="#bbb"/>`,
    `<path d="M0 ${PANEL}L${PANEL} 0" stroke="#999" stroke-dasharray="3 3"/>`,
    `<polyline points="${points}" fill="none" stroke="#0b62a4" stroke-width="1.5"/>`,
    `<text x="${PANEL}" y="${PANEL + 10}" text-anchor="end" fill="#666">${most.toPrecision(3)} ms</text>`,
    '</g>',
  ].join('');
}
