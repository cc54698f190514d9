import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { density } from "./density.ts";
import type { Axis, BarFigure, ChartFigure, LineFigure, LineSeries, SpectrumFigure } from "./model.ts";
import { multiples, multiplesLayout, multiplesNames } from "./multiples.ts";
import { powerOfTen, rank, readable, roundStep, signedPower, twoLines } from "./numbers.ts";
import { font, lineColours, type Theme } from "./theme.ts";

echarts.use([BarChart, CustomChart, LineChart, ScatterChart, GridComponent, LegendComponent, TitleComponent, TooltipComponent, SVGRenderer]);

export type Option = Record<string, unknown>;

const symbols = ["circle", "rect", "triangle", "diamond", "roundRect"];
// The same shapes for the legend, which would stretch its own.
const icons = ["path://M4.5,4.5A4.5,4.5,0,1,1,13.5,4.5A4.5,4.5,0,1,1,4.5,4.5Z", "path://M5,0L13,0L13,8L5,8Z", "path://M9,0L14,9L4,9Z", "path://M9,0L13.5,4.5L9,9L4.5,4.5Z", "path://M5,0L13,0L13,8L5,8Z"];
const markSize = 5.5;
const cross = "path://M0,2L2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5Z";

// What an eigenvector lives on has a colour and a shape of its own, the same in every figure.
const categories: Record<string, { colour: (theme: Theme) => string; symbol: string; icon: string }> = {
  "class": { colour: (theme) => theme.categories[0]!, symbol: "circle", icon: icons[0]! },
  "cross-class": { colour: (theme) => theme.categories[1]!, symbol: "rect", icon: icons[1]! },
  "within-class": { colour: (theme) => theme.categories[2]!, symbol: "triangle", icon: icons[2]! },
  "mixed": { colour: (theme) => theme.categories[4]!, symbol: "diamond", icon: icons[3]! },
  "network-curvature": { colour: (theme) => theme.ink, symbol: cross, icon: cross },
  "unknown": { colour: (theme) => theme.categories[3]!, symbol: "circle", icon: icons[0]! },
};

/** A chart that lives in the page. */
export interface LiveChart {
  draw(theme: Theme, width: number, height: number): void;
  dispose(): void;
}

export function live(element: HTMLElement, figure: ChartFigure): LiveChart {
  let chart: echarts.ECharts | undefined;
  return {
    draw(theme, width, height) {
      chart ??= echarts.init(element, null, { renderer: "svg", width, height });
      chart.resize({ width, height });
      chart.setOption(option(figure, theme, width, height), { notMerge: true });
    },
    dispose() {
      chart?.dispose();
      chart = undefined;
    },
  };
}

/** The chart as the text of an SVG, for print and for saving. */
export function svgText(figure: ChartFigure, theme: Theme, width: number, height: number): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ ...option(figure, theme, width, height), tooltip: { show: false }, backgroundColor: theme.paper });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}

function own(figure: ChartFigure, theme: Theme, width: number): Option {
  switch (figure.$type) {
    case "spectrum":
      return spectrum(figure, theme);
    case "lines":
      return lines(figure, theme);
    case "multiples":
      return multiples(figure, theme, width, legendRows(multiplesNames(figure), width));
    case "density":
      return density(figure, theme);
    case "bars":
      return bars(figure, theme);
  }
}

/** How high a figure of several panels is in a width. */
export const multiplesHeight = (figure: ChartFigure & { $type: "multiples" }, width: number): number => multiplesLayout(figure, width, legendRows(multiplesNames(figure), width)).height;

function option(figure: ChartFigure, theme: Theme, width: number, height: number): Option {
  const drawn = own(figure, theme, width);
  const names = (drawn["legendNames"] as { name: string; icon?: string }[] | undefined) ?? [];
  delete drawn["legendNames"];
  const rows = legendRows(names.map(({ name }) => name), width);
  const slant = uprightRoom(figure, width);
  if (figure.$type === "lines" && slant > 0) standUpright(drawn["xAxis"] as Option, figure.x, width, slant);
  const top = rows === 0 ? 14 : 10 + 20 * rows, bottom = 46 + slant;
  const beside = figure.$type === "multiples" ? 0 : makeRoomBeside(drawn["yAxis"] as Option, figure.y, height - top - bottom);
  return {
    animation: false,
    textStyle: { fontFamily: font, color: theme.ink, fontSize: 12 },
    grid: { left: 58 + beside, right: 16, top, bottom, containLabel: false },
    legend: {
      show: rows > 0, data: names, left: 52, right: 8, top: 0, itemWidth: 18, itemHeight: 9, itemGap: 14, padding: [2, 4], selectedMode: false,
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
    },
    // Drawn as part of the picture, never as HTML: names are the user's.
    tooltip: {
      renderMode: "richText", confine: true, trigger: "item", backgroundColor: theme.paper, borderColor: theme.rule, borderWidth: 1, padding: [6, 8],
      textStyle: { color: theme.ink, fontSize: 12, fontFamily: font },
    },
    ...drawn,
  };
}

function legendRows(names: string[], width: number): number {
  if (names.length === 0) return 0;
  let rows = 1, used = 0;
  for (const name of names) {
    const length = 40 + 6.3 * name.length;
    if (used > 0 && used + length > width - 64) {
      rows++;
      used = 0;
    }
    used += length;
  }
  return rows;
}

const margins = 74;

// A name longer than its axis goes into two lines; powers of ten on a linear axis are wider than other numbers.
function makeRoomBeside(own: Option, source: Axis, length: number): number {
  const largest = Math.max(Math.abs(source.min), Math.abs(source.max));
  const wide = !source.isLogarithmic && !source.ticks && (largest < 5e-3 || largest >= 1e5) ? 14 : 0;
  const lines = twoLines(source.label, length / 5.9);
  own["name"] = lines;
  own["nameTextStyle"] = { ...(own["nameTextStyle"] as Option), lineHeight: 15 };
  own["nameGap"] = 44 + wide;
  return wide + (lines.includes("\n") ? 14 : 0);
}

/** What names along an axis need below it beyond the usual: they stand upright where they would not fit side by side. */
export function uprightRoom(figure: ChartFigure, width: number): number {
  const names = figure.$type === "lines" ? (figure.x.names ?? []) : [], longest = Math.max(0, ...names.map((name) => name.length));
  return names.length * (5.9 * longest + 8) <= width - margins ? 0 : Math.max(0, Math.min(110, 4.9 * longest - 12));
}

function standUpright(own: Option, source: Axis, width: number, room: number): void {
  const step = (width - margins) / (source.names?.length ?? 1);
  own["axisLabel"] = { ...(own["axisLabel"] as Option), rotate: 90, interval: 0, fontSize: step < 13 ? 9.5 : 11.5, hideOverlap: step < 10 };
  own["nameGap"] = 28 + room;
}

export function axis(source: Axis, theme: Theme, position: "x" | "y"): Option {
  const line = { lineStyle: { color: theme.rule, width: 1 } };
  const common: Option = {
    name: source.label, nameLocation: "middle", nameGap: position === "x" ? 28 : 44, nameTextStyle: { color: theme.ink, fontSize: 12.5, fontFamily: font },
    axisLine: { show: true, onZero: false, ...line }, axisTick: { show: true, length: 4, ...line },
    axisLabel: { color: theme.muted, fontSize: 11.5, fontFamily: font, hideOverlap: true },
    splitLine: { show: position === "y", lineStyle: { color: theme.grid, width: 1 } },
  };
  const label = common["axisLabel"] as Option;
  if (source.names) {
    return { ...common, type: "category", data: source.names, boundaryGap: source.names.length < 2, axisTick: { ...(common["axisTick"] as Option), alignWithLabel: true } };
  }
  if (source.ticks) {
    const values = new Map(source.ticks.map((tick) => [tick.position, tick.value]));
    const places = [...values.keys()];
    return {
      ...common, type: "value", min: source.min, max: source.max,
      axisTick: { ...(common["axisTick"] as Option), customValues: places }, axisLabel: { ...label, customValues: places, formatter: (place: number) => signedPower(values.get(place) ?? 0) },
    };
  }
  if (source.isLogarithmic) {
    return { ...common, type: "log", logBase: 10, min: source.min, max: source.max, ...(source.tickDecades ? { interval: source.tickDecades } : {}), axisLabel: { ...label, formatter: powerOfTen }, minorTick: { show: position === "x", length: 2 } };
  }
  return { ...common, type: "value", min: source.min, max: source.max, ...evenTicks(source, position), axisLabel: { ...label, formatter: (value: number) => (position === "x" && source.max - source.min >= 1 ? rank(value) : readable(value)) } };
}

// An axis that begins and ends at multiples of a round step has its ticks there; the library would choose steps of its own, and add the ends.
function evenTicks(source: Axis, position: "x" | "y"): Option {
  const step = roundStep(source.max - source.min), isEven = [source.min, source.max].every((end) => Math.abs(end / step - Math.round(end / step)) < 1e-6);
  return position === "y" && isEven ? { interval: step } : {};
}

// There is no rank 0, and the end of the axis is no round number.
function rankAxis(source: Axis, theme: Theme): Option {
  const own = axis(source, theme, "x");
  return source.isLogarithmic ? { ...own, axisLabel: { ...(own["axisLabel"] as Option), formatter: rank, showMinLabel: false, showMaxLabel: false } } : { ...own, axisLabel: { ...(own["axisLabel"] as Option), showMinLabel: false, showMaxLabel: false } };
}

export interface RenderApi {
  value(index: number): number;
  coord(point: [number, number]): [number, number];
  size(extent: [number, number]): number[];
}

export interface RenderParameters {
  coordSys: { x: number; y: number; width: number; height: number };
  dataIndex: number;
  context: { taken?: [number, number][] };
}

function spectrum(figure: SpectrumFigure, theme: Theme): Option {
  const groups = [...new Set(figure.measured.map((series) => base(series.name)))];
  const colours = figure.isOrdered ? lineColours(theme, groups.length, true) : [theme.measured, ...theme.categories.slice(1)];
  const many = figure.measured.reduce((sum, series) => sum + series.values.length, 0) > 260;
  const measured = figure.measured.map((series) => {
    const index = groups.indexOf(base(series.name));
    const own = series.category === undefined ? undefined : categories[series.category];
    const colour = own?.colour(theme) ?? colours[index % colours.length]!;
    return {
      type: "scatter", name: series.name, symbol: own?.symbol ?? (figure.isOrdered ? "circle" : symbols[index % symbols.length]), symbolSize: many || series.category === "unknown" ? 4 : markSize, cursor: "default", z: 4,
      itemStyle: series.isNegative ? { color: theme.paper, borderColor: colour, borderWidth: 1.3, opacity: 1 } : { color: colour, opacity: 1 },
      data: series.ranks.map((at, i) => [at, series.values[i]]),
      tooltip: { formatter: ({ value }: { value: [number, number] }) => `${series.name}\nrank ${value[0]}: ${series.isNegative ? "−" : ""}${readable(value[1])}` },
    };
  });
  const legendNames = figure.measured.length > 1 || figure.predicted.length > 0 || figure.measured.some(({ category }) => category !== undefined)
    ? figure.measured.map(({ name, category }) => ({ name, icon: category !== undefined ? categories[category]?.icon : figure.isOrdered ? icons[0] : icons[groups.indexOf(base(name)) % icons.length] }))
    : [];
  const predicted = figure.predictedFrom ? `predicted (${figure.predictedFrom})` : "predicted";
  return {
    xAxis: rankAxis(figure.x, theme),
    yAxis: axis(figure.y, theme, "y"),
    series: [...measured, ...(figure.predicted.length > 0 ? [levels(figure, theme, predicted)] : []), ...(figure.marks.length > 0 ? [rules(figure, theme)] : [])],
    legendNames: figure.predicted.length > 0 ? [...legendNames, { name: predicted, icon: levelIcon }] : legendNames,
  };
}

const base = (name: string): string => name.replace(/, negative$/, "");

/** Predicted levels: a thin line over the ranks of each, with its multiplicity above. */
function levels(figure: SpectrumFigure, theme: Theme, name: string): Option {
  return {
    type: "custom", name, z: 5, itemStyle: { color: theme.predicted }, cursor: "default",
    data: figure.predicted.map((level) => [level.firstRank, level.lastRank, level.value]),
    encode: { x: [0, 1], y: 2 },
    tooltip: {
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const level = figure.predicted[dataIndex]!;
        return `${name}\n${level.isNegative ? "−" : ""}${readable(level.value)} ${level.label}`;
      },
    },
    renderItem(parameters: RenderParameters, api: RenderApi) {
      const level = figure.predicted[parameters.dataIndex]!;
      const { x, width } = parameters.coordSys;
      // On a logarithmic axis half a rank means nothing.
      const around = figure.x.isLogarithmic ? (at: number, by: number) => at * (1 + 0.12 * by) : (at: number, by: number) => at + 0.5 * by;
      const [left, y] = api.coord([Math.max(figure.x.min, around(level.firstRank, level.firstRank === 1 ? -1 : -0.4)), api.value(2)]);
      const [right] = api.coord([around(level.lastRank, 0.4), api.value(2)]);
      const from = Math.max(left, x), to = Math.min(Math.max(right, from + 5), x + width);
      const children: Option[] = [
        { type: "line", shape: { x1: from, y1: y, x2: to, y2: y }, style: { stroke: theme.predicted, lineWidth: 1.3, ...(level.isNegative ? { lineDash: [3, 2] } : {}) } },
      ];
      const taken = (parameters.context.taken ??= []);
      const middle = (from + to) / 2;
      if (level.label !== "" && taken.every(([otherX, otherY]) => Math.abs(otherX - middle) > 30 || Math.abs(otherY - y) > 12)) {
        taken.push([middle, y]);
        children.push({ type: "text", style: { text: level.label, x: middle, y: y - 6, align: "center", verticalAlign: "bottom", fill: theme.predicted, font: `600 11px ${font}`, stroke: theme.paper, lineWidth: 2.5 } });
      }
      return { type: "group", children };
    },
  };
}

/** Ranks that are marked, as K and K²: dotted lines behind them. */
function rules(figure: SpectrumFigure, theme: Theme): Option {
  return {
    type: "custom", name: "marks", silent: true, z: 1, data: figure.marks.map(({ rank: at }) => [at + 0.5, figure.y.max]), tooltip: { show: false },
    renderItem(parameters: RenderParameters, api: RenderApi) {
      const { x: start, y: top, width, height } = parameters.coordSys;
      const [x] = api.coord([api.value(0), api.value(1)]);
      const atEnd = x > start + width - 16;
      return {
        type: "group",
        children: [
          { type: "line", shape: { x1: x, y1: top, x2: x, y2: top + height }, style: { stroke: theme.rule, lineWidth: 1, lineDash: [2, 3] } },
          { type: "text", style: { text: figure.marks[parameters.dataIndex]!.label, x: atEnd ? x - 4 : x + 4, y: top + 2, align: atEnd ? "right" : "left", verticalAlign: "top", fill: theme.muted, font: `italic 12px ${font}` } },
        ],
      };
    },
  };
}

function lines(figure: LineFigure, theme: Theme): Option {
  const measured = figure.lines.filter((line) => !line.isPredicted && !line.isWhole);
  const colours = lineColours(theme, measured.length, figure.isOrdered);
  const series = figure.lines.flatMap((line) => {
    const index = measured.indexOf(line);
    if (line.isPredicted && figure.isLevelled) return [placeLevels(line, figure, theme)];
    return lineSeries(line, line.isPredicted ? theme.predicted : line.isWhole ? theme.ink : colours[index]!, { index, of: measured.length }, figure, theme);
  });
  const along = axis(figure.x, theme, "x");
  return {
    xAxis: figure.isLevelled ? { ...along, boundaryGap: true } : along,
    yAxis: axis(figure.y, theme, "y"),
    series: figure.isUnjoined ? series.map((one) => (one["type"] === "line" ? { ...one, lineStyle: { width: 0 } } : one)) : series,
    legendNames: figure.lines.length > 1 ? figure.lines.map(({ name, isPredicted }) => (isPredicted && figure.isLevelled ? { name, icon: levelIcon } : { name })) : [],
  };
}

const levelIcon = "path://M0,4 L18,4 L18,5.4 L0,5.4 Z";
const widestLevel = 48, levelShade = 9;

/** Predictions place by place: a level across each, shaded on the side where values are predicted. */
function placeLevels(line: LineSeries, figure: LineFigure, theme: Theme): Option {
  const data = line.x.flatMap((at, i) => (line.y[i] == null ? [] : [[at, line.y[i]]]));
  return {
    type: "custom", name: line.name, z: 2, itemStyle: { color: theme.predicted }, cursor: "default", data, encode: { x: 0, y: 1 },
    tooltip: { formatter: ({ value }: { value: [number, number] }) => `${line.name}\n${figure.x.label} ${figure.x.names?.[value[0]] ?? readable(value[0])}: ${readable(value[1])}` },
    renderItem(_: RenderParameters, api: RenderApi) {
      const [x, y] = api.coord([api.value(0), api.value(1)]), half = Math.min(0.44 * api.size([1, 0])[0]!, widestLevel);
      const level = { type: "line", shape: { x1: x - half, y1: y, x2: x + half, y2: y }, style: { stroke: theme.predicted, lineWidth: 1.5 } };
      const shade = { type: "rect", shape: { x: x - half, y: line.side === "above" ? y - levelShade : y, width: 2 * half, height: levelShade }, style: { fill: theme.predicted, opacity: 0.16 } };
      return { type: "group", children: line.side === undefined ? [level] : [shade, level] };
    },
  };
}

/** A line with its marks, and behind it its error bars where it has them. */
export function lineSeries(line: LineSeries, colour: string, { index, of }: { index: number; of: number }, figure: { x: Axis; isOrdered: boolean }, theme: Theme): Option[] {
  const data = line.x.flatMap((at, i) => (line.low?.[i] == null || line.high?.[i] == null ? [] : [[at, line.low[i], line.high[i]]]));
  // Bars of several lines stand beside each other.
  const aside = data.length === 0 ? 0 : (index - (of - 1) / 2) * Math.min(3, 12 / of);
  const between = (at: number): string => (line.low?.[at] == null || line.high?.[at] == null ? "" : `\n${readable(line.low[at])} … ${readable(line.high[at])}`);
  const place = (at: number): string => (figure.x.names ? `${figure.x.label} ${figure.x.names[at] ?? ""}` : `${figure.x.label} ${readable(at)}`);
  const drawn: Option = {
    type: "line", name: line.name, data: line.x.map((at, i) => [at, line.y[i] ?? null]), z: line.isPredicted ? 2 : 3, cursor: "default",
    showSymbol: !line.isPredicted, symbol: line.isWhole ? "diamond" : figure.isOrdered ? "circle" : symbols[index % symbols.length], symbolSize: line.x.length > 40 ? 3 : markSize + 0.5, symbolOffset: [aside, 0],
    lineStyle: { color: colour, width: line.isPredicted ? 1.2 : 1.6, ...(line.isPredicted ? { type: "dashed" } : {}) }, itemStyle: { color: colour, opacity: 1 },
    emphasis: { disabled: true },
    tooltip: { formatter: ({ value, dataIndex }: { value: [number, number]; dataIndex: number }) => `${line.name}\n${place(value[0])}: ${readable(value[1])}${between(dataIndex)}` },
  };
  return data.length === 0 ? [drawn] : [drawn, whiskers(data, colour, aside, theme)];
}

function bars(figure: BarFigure, theme: Theme): Option {
  return {
    xAxis: axis({ label: "", isLogarithmic: false, min: 0, max: figure.names.length, names: figure.names }, theme, "x"),
    yAxis: axis(figure.y, theme, "y"),
    series: [{
      type: "bar", data: figure.values, barMaxWidth: 36, itemStyle: { color: theme.measured }, cursor: "default",
      label: { show: true, position: "top", color: theme.ink, fontSize: 11.5, fontFamily: font, formatter: ({ value }: { value: number | null }) => (value === null ? "" : readable(value)) },
      tooltip: { formatter: ({ name, value }: { name: string; value: number }) => `${name}: ${readable(value)}` },
    }, ...(figure.standardErrors ? [whiskers(ofBars(figure), undefined, 0, theme)] : [])],
  };
}

const ofBars = (figure: BarFigure): number[][] =>
  figure.values.flatMap((value, i) => (value === null || figure.standardErrors![i] == null ? [] : [[i, value - figure.standardErrors![i]!, value + figure.standardErrors![i]!]]));

/** Upright bars from one value to another, each at its place. */
function whiskers(data: number[][], colour: string | undefined, aside: number, theme: Theme): Option {
  return {
    type: "custom", name: "standard error", silent: true, z: 5, data, encode: { x: 0, y: [1, 2] }, tooltip: { show: false },
    renderItem(_: RenderParameters, api: RenderApi) {
      const [at, low] = api.coord([api.value(0), api.value(1)]), [, high] = api.coord([api.value(0), api.value(2)]), x = at + aside;
      const style = { stroke: colour ?? theme.ink, lineWidth: 1.2 }, half = colour === undefined ? 5 : 3.5;
      const bar = (x1: number, y1: number, x2: number, y2: number) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
      return { type: "group", children: [bar(x, low, x, high), bar(x - half, low, x + half, low), bar(x - half, high, x + half, high)] };
    },
  };
}
