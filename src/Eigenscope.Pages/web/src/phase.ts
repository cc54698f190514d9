import type { PhaseFigure, PhasePanel } from "./model.ts";
import { readable, superscript } from "./numbers.ts";
import { node } from "./svg.ts";
import { blend, css, font, type Theme } from "./theme.ts";

const gap = 26;
const titleHeight = 22;
const scaleHeight = 44;
const leastCell = 34;

export interface PhaseLayout {
  left: number;
  bottom: number;
  columns: number;
  panelWidth: number;
  panelHeight: number;
  height: number;
  isUpright: boolean;
}

/** How the pictures of a figure are laid out in a width: side by side while their cells stay readable. */
export function phaseLayout(figure: PhaseFigure, width: number): PhaseLayout {
  const across = figure.columns.names.length, down = figure.rows.names.length, longest = Math.max(...figure.columns.names.map((name) => name.length));
  const left = 30 + 6.2 * Math.max(...figure.rows.names.map((name) => name.length));
  const most = Math.max(1, Math.floor((width + gap) / (left + across * leastCell + gap)));
  const rows = Math.ceil(figure.panels.length / most), columns = Math.ceil(figure.panels.length / rows);
  const panelWidth = Math.min(across * 96, (width - gap * (columns - 1)) / columns - left);
  const isUpright = (panelWidth / across) < 6.2 * longest + 4;
  const bottom = (isUpright ? 5.9 * longest + 10 : 18) + 18;
  const cell = Math.min(40, Math.max(22, panelWidth / across * 0.62));
  const panelHeight = down * cell;
  return { left, bottom, columns, panelWidth, panelHeight, isUpright, height: rows * (titleHeight + panelHeight + bottom) + (rows - 1) * 8 + scaleHeight };
}

/** Where a value stands between the ends of the scale, from 0 to 1. */
export function placeOf(figure: Pick<PhaseFigure, "low" | "high" | "isLogarithmic">, value: number): number {
  if (!figure.isLogarithmic) return (value - figure.low) / (figure.high - figure.low);
  return value <= figure.low ? 0 : Math.log(value / figure.low) / Math.log(figure.high / figure.low);
}

/** Draws all pictures of a figure as one SVG; rows go upwards, as on an axis. */
export function drawPhase(figure: PhaseFigure, theme: Theme, width: number): SVGSVGElement {
  const places = phaseLayout(figure, width);
  const svg = node("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: places.height, viewBox: `0 0 ${width} ${places.height}`, "font-family": font, "font-size": 11.5 }) as SVGSVGElement;
  svg.append(hatch(figure, theme));
  const step = places.left + places.panelWidth + gap, start = Math.max(0, (width - places.columns * step + gap) / 2);
  figure.panels.forEach((panel, index) => {
    const x = start + (index % places.columns) * step + places.left, y = Math.floor(index / places.columns) * (titleHeight + places.panelHeight + places.bottom + 8) + titleHeight;
    svg.append(drawPanel(figure, panel, places, x, y, theme));
  });
  svg.append(drawScale(figure, theme, width, places.height));
  return svg;
}

const hatchId = (figure: PhaseFigure): string => `hatch-${figure.id}`;

function hatch(figure: PhaseFigure, theme: Theme): SVGElement {
  const pattern = node("pattern", { id: hatchId(figure), width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(node("rect", { width: 6, height: 6, fill: theme.paper }), node("line", { x1: 0, x2: 0, y1: 0, y2: 6, stroke: theme.rule, "stroke-width": 1.4, "stroke-opacity": 0.55 }));
  return pattern;
}

function drawPanel(figure: PhaseFigure, panel: PhasePanel, places: PhaseLayout, x: number, y: number, theme: Theme): SVGElement {
  const group = node("g", {});
  const across = figure.columns.names.length, down = figure.rows.names.length, w = places.panelWidth / across, h = places.panelHeight / down;
  if (panel.title !== "") group.append(node("text", { x, y: y - 7, fill: theme.ink, "font-weight": 600, "font-size": 12.5 }, panel.title));
  for (let row = 0; row < down; row++) {
    for (let column = 0; column < across; column++) {
      group.append(drawCell(figure, panel, row * across + column, { x: x + column * w, y: y + (down - 1 - row) * h, w, h }, theme));
    }
  }
  group.append(node("rect", { x, y, width: places.panelWidth, height: places.panelHeight, fill: "none", stroke: theme.rule, "stroke-width": 1 }));
  figure.rows.names.forEach((name, row) => group.append(node("text", { x: x - 6, y: y + (down - 0.5 - row) * h + 4, "text-anchor": "end", fill: theme.muted }, name)));
  figure.columns.names.forEach((name, column) => {
    const middle = x + (column + 0.5) * w, below = y + places.panelHeight;
    group.append(places.isUpright
      ? node("text", { x: middle + 4, y: below + 6, "text-anchor": "end", transform: `rotate(-90 ${middle + 4} ${below + 6})`, fill: theme.muted }, name)
      : node("text", { x: middle, y: below + 14, "text-anchor": "middle", fill: theme.muted }, name));
  });
  const label = { fill: theme.ink, "font-size": 12.5, "text-anchor": "middle" };
  group.append(node("text", { ...label, x: x + places.panelWidth / 2, y: y + places.panelHeight + places.bottom - 4 }, figure.columns.label));
  const side = x - places.left + 11, centre = y + places.panelHeight / 2;
  group.append(node("text", { ...label, x: side, y: centre, transform: `rotate(-90 ${side} ${centre})` }, figure.rows.label));
  return group;
}

function drawCell(figure: PhaseFigure, panel: PhasePanel, index: number, { x, y, w, h }: { x: number; y: number; w: number; h: number }, theme: Theme): SVGElement {
  const group = node("g", {});
  const value = panel.values[index] ?? null;
  const colour = value === null ? undefined : blend(theme.sequential, placeOf(figure, value));
  group.append(node("rect", { x, y, width: w + 0.02, height: h + 0.02, fill: colour ? css(colour) : `url(#${hatchId(figure)})`, "shape-rendering": "crispEdges" }));
  const text = value === null ? (panel.gaps[index] ?? "–") : short(value);
  const isDark = colour !== undefined && 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 140;
  const size = Math.min(11.5, (1.8 * (w - 4)) / text.length);
  if (size >= 7.5) {
    group.append(node("text", {
      x: x + w / 2, y: y + h / 2 + 0.35 * size, "text-anchor": "middle", "font-size": size,
      fill: colour === undefined ? theme.ink : isDark ? "#ffffff" : "#16191d",
      ...(colour === undefined ? { stroke: theme.paper, "stroke-width": 3, "paint-order": "stroke" } : {}),
    }, text));
  }
  const error = panel.errors[index] ?? null;
  group.append(node("title", {}, `${figure.columns.label} ${figure.columns.names[index % figure.columns.names.length]}, ${figure.rows.label} ${figure.rows.names[Math.floor(index / figure.columns.names.length)]}: ${value === null ? text : readable(value)}${error === null ? "" : ` ± ${readable(error)}`}`));
  return group;
}

/** A number in as few letters as a cell has room for. */
export function short(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(size >= 1000 ? 4 : 3))).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${Number(mantissa)}e${Number(exponent)}`.replace(/-/g, "−");
}

function drawScale(figure: PhaseFigure, theme: Theme, width: number, height: number): SVGElement {
  const group = node("g", {});
  const length = Math.min(240, width - 140), x = Math.max(0, width - length) / 2, y = height - scaleHeight + 16, steps = 64;
  for (let i = 0; i < steps; i++) {
    group.append(node("rect", { x: x + (i * length) / steps, y, width: length / steps + 0.3, height: 9, fill: css(blend(theme.sequential, i / (steps - 1))), "shape-rendering": "crispEdges" }));
  }
  group.append(node("rect", { x, y, width: length, height: 9, fill: "none", stroke: theme.rule, "stroke-width": 0.8 }));
  const ends = figure.isLogarithmic ? [figure.low, Math.sqrt(figure.low * figure.high), figure.high] : [figure.low, (figure.low + figure.high) / 2, figure.high];
  const name = (value: number): string => {
    const exponent = Math.log10(value);
    return figure.isLogarithmic && Math.abs(exponent - Math.round(exponent)) < 1e-9 ? `10${superscript(Math.round(exponent))}` : short(value);
  };
  ends.forEach((value, i) => group.append(node("text", { x: x + (i * length) / 2, y: y + 22, "text-anchor": "middle", fill: theme.muted }, name(value))));
  group.append(node("text", { x: x + length / 2, y: y - 5, "text-anchor": "middle", fill: theme.ink, "font-size": 12 }, figure.scale));
  return group;
}
