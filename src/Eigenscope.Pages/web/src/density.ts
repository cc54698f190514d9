import { axis, type Option, type RenderApi, type RenderParameters } from "./charts.ts";
import type { DensityFigure } from "./model.ts";
import { readable } from "./numbers.ts";
import type { Theme } from "./theme.ts";

const curveName = "density";
const lineName = "known eigenvalues";
const openName = "not resolved by the steps";

/** A density with its band, known eigenvalues as lines, and the stretches that the Lanczos steps do not resolve. */
export function density(figure: DensityFigure, theme: Theme): Option {
  const bandName = `${Math.round(1000 * figure.confidence) / 10} % band`;
  const x = axis(figure.x, theme, "x");
  if (!figure.x.ticks) x["axisLabel"] = { ...(x["axisLabel"] as Option), formatter: readable };
  return {
    xAxis: x,
    yAxis: axis(figure.y, theme, "y"),
    series: [
      band(figure, theme, bandName),
      {
        type: "line", name: curveName, data: figure.positions.map((at, i) => [at, figure.density[i] ?? null]), showSymbol: false, symbol: "circle", symbolSize: 4, z: 4, cursor: "default",
        lineStyle: { color: theme.measured, width: 1.5 }, itemStyle: { color: theme.measured }, emphasis: { disabled: true },
        tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `λ = ${readable(figure.values[dataIndex]!)}\n${figure.y.label}: ${readable(figure.density[dataIndex] ?? 0)}` },
      },
      ...(figure.lines.length > 0 ? [known(figure, theme)] : []),
      ...(figure.unresolved.length > 0 ? [open(figure, theme)] : []),
    ],
    legendNames: [
      { name: curveName, icon: "path://M0,3.5L18,3.5L18,5.5L0,5.5Z" },
      { name: bandName, icon: "path://M0,0L18,0L18,9L0,9Z" },
      ...(figure.lines.length > 0 ? [{ name: lineName, icon: "path://M0,9L0,8.6L8,8.6L8,0L10,0L10,8.6L18,8.6L18,9Z" }] : []),
      ...(figure.unresolved.length > 0 ? [{ name: openName, icon: "path://M0,3L18,3L18,7L0,7Z" }] : []),
    ],
  };
}

/** Stretches in which every point of the band lies on the axis. */
export function runs(figure: Pick<DensityFigure, "high">): [number, number][] {
  const found: [number, number][] = [];
  figure.high.forEach((value, i) => {
    if (value == null) return;
    const last = found.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  });
  return found;
}

function band(figure: DensityFigure, theme: Theme, name: string): Option {
  const stretches = runs(figure);
  return {
    type: "custom", name, silent: true, z: 2, itemStyle: { color: theme.measured, opacity: 0.22 }, tooltip: { show: false },
    data: stretches.map(([from, to]) => [figure.positions[from], figure.positions[to], figure.y.min]), encode: { x: [0, 1], y: 2 },
    renderItem(parameters: RenderParameters, api: RenderApi) {
      const [from, to] = stretches[parameters.dataIndex]!;
      const at = (i: number, value: number) => api.coord([figure.positions[i]!, value]);
      const indices = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const points = [...indices.map((i) => at(i, figure.high[i]!)), ...indices.reverse().map((i) => at(i, figure.low[i]!))];
      return { type: "polygon", shape: { points }, style: { fill: theme.measured, opacity: 0.22 } };
    },
  };
}

function known(figure: DensityFigure, theme: Theme): Option {
  return {
    type: "custom", name: lineName, z: 3, cursor: "default", itemStyle: { color: theme.predicted }, data: figure.lines.map(({ position }) => [position, figure.lineHeight]),
    tooltip: { formatter: ({ dataIndex }: { dataIndex: number }) => `${lineName}\n${readable(figure.lines[dataIndex]!.value)}` },
    renderItem(_: RenderParameters, api: RenderApi) {
      const [x, y] = api.coord([api.value(0), api.value(1)]), [, bottom] = api.coord([api.value(0), figure.y.min]);
      return { type: "line", shape: { x1: x, y1: y, x2: x, y2: bottom }, style: { stroke: theme.predicted, lineWidth: 1.1 } };
    },
  };
}

function open(figure: DensityFigure, theme: Theme): Option {
  return {
    type: "custom", name: openName, silent: true, z: 6, itemStyle: { color: theme.doubtful }, tooltip: { show: false },
    data: figure.unresolved.map(({ from, to }) => [from, to, figure.y.min]), encode: { x: [0, 1], y: 2 },
    renderItem(_: RenderParameters, api: RenderApi) {
      const [from, y] = api.coord([api.value(0), figure.y.min]), [to] = api.coord([api.value(1), figure.y.min]);
      return { type: "rect", shape: { x: from - 1, y: y - 4, width: Math.max(2, to - from + 2), height: 4 }, style: { fill: theme.doubtful } };
    },
  };
}
