import { axis, lineSeries, type Option } from "./charts.ts";
import type { MultiplesFigure } from "./model.ts";
import { font, lineColours, type Theme } from "./theme.ts";

const leastWidth = 210;
const left = 56, right = 14, title = 24, below = 44, legendRow = 20;

/** How the panels of a figure are laid out in a width. */
export function multiplesLayout(figure: MultiplesFigure, width: number, legendRows: number): { columns: number; panels: { x: number; y: number; width: number; height: number }[]; height: number } {
  const count = figure.panels.length;
  const most = Math.max(1, Math.min(count, Math.floor(width / leastWidth)));
  const rows = Math.ceil(count / most), columns = Math.ceil(count / rows);
  const cell = width / columns, height = Math.round(Math.min(210, Math.max(130, 0.62 * (cell - left - right))));
  const top = legendRows * legendRow + 6, row = title + height + below;
  const panels = figure.panels.map((_, index) => ({ x: (index % columns) * cell + left, y: top + Math.floor(index / columns) * row + title, width: cell - left - right, height }));
  return { columns, panels, height: top + rows * row };
}

/** One chart with a small panel for each part, all under the same axes and colours. */
export function multiples(figure: MultiplesFigure, theme: Theme, width: number, legendRows: number): Option {
  const { columns, panels } = multiplesLayout(figure, width, legendRows);
  const measured = lineNames(figure, (line) => !line.isPredicted);
  const colours = lineColours(theme, measured.length, figure.isOrdered);
  const count = panels.length;
  return {
    grid: panels.map(({ x, y, width: w, height }) => ({ left: x, top: y, width: w, height, containLabel: false })),
    title: panels.map(({ x, y }, index) => ({ text: figure.panels[index]!.title, left: x - 4, top: y - title + 1, padding: 0, textStyle: { color: theme.ink, fontSize: 12.5, fontWeight: 600, fontFamily: font } })),
    xAxis: panels.map((_, index) => ({ ...axis(figure.x, theme, "x"), gridIndex: index, ...(index + columns < count ? { name: "" } : {}) })),
    yAxis: panels.map((_, index) => ({ ...axis(figure.y, theme, "y"), gridIndex: index, ...(index % columns > 0 ? { name: "" } : {}) })),
    series: figure.panels.flatMap((panel, index) => panel.lines.flatMap((line) =>
      lineSeries(line, line.isPredicted ? theme.predicted : colours[measured.indexOf(line.name)]!, { index: measured.indexOf(line.name), of: measured.length }, figure, theme).map((series) => ({ ...series, xAxisIndex: index, yAxisIndex: index })))),
    legendNames: multiplesNames(figure).map((name) => ({ name })),
  };
}

const lineNames = (figure: MultiplesFigure, choose: (line: MultiplesFigure["panels"][number]["lines"][number]) => boolean): string[] =>
  [...new Set(figure.panels.flatMap(({ lines }) => lines.filter(choose).map(({ name }) => name)))];

/** The lines of all panels, each once; none where there is nothing to tell apart. */
export function multiplesNames(figure: MultiplesFigure): string[] {
  const names = lineNames(figure, () => true);
  return names.length > 1 ? names : [];
}
