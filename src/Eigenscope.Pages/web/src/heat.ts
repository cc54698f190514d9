import type { HeatFigure, HeatPanel } from "./model.ts";
import { readable, superscript } from "./numbers.ts";
import { node } from "./svg.ts";
import { blend, css, font, type Theme } from "./theme.ts";

const mostRectangles = 2600;
const gap = 22;
const leastSide = 130;
const scaleHeight = 40;

export function bytes(cells: string): Uint8Array {
  const text = atob(cells);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The colours of all 256 bytes. */
export function palette(figure: Pick<HeatFigure, "isDiverging">, theme: Theme): [number, number, number][] {
  const stops = figure.isDiverging ? theme.diverging : theme.sequential;
  return Array.from({ length: 256 }, (_, value) => blend(stops, value / 255));
}

export interface PanelPlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How pictures are laid out in a width: squares in as many columns as look well, a single table over the whole width. */
export function layout(figure: HeatFigure, width: number): { places: PanelPlace[]; height: number } {
  const first = figure.panels[0]!;
  if (first.rows !== first.columns || first.rowNames.length > 0) {
    const left = 12 + 7 * Math.max(...first.rowNames.map((name) => name.length), 2);
    const rowHeight = Math.min(26, Math.max(12, 320 / first.rows));
    return { places: [{ x: left, y: 18, width: width - left - 8, height: rowHeight * first.rows }], height: 18 + rowHeight * first.rows + 36 + scaleHeight };
  }
  const margin = first.groups.some(({ name }) => name !== "") ? 26 : 6;
  // As many in a row as stay readable, then the same number in every row, and all rows full where one more makes them so: nine stand 3 × 3.
  const count = figure.panels.length;
  const most = Math.max(1, Math.min(count, 7, Math.floor((width + gap) / (leastSide + margin + gap))));
  const rows = Math.ceil(count / most), even = Math.ceil(count / rows);
  const columns = [even, even - 1, even - 2].find((some) => some > 1 && count % some === 0 && count / some <= rows + 1) ?? even;
  const cell = (width - gap * (columns - 1)) / columns;
  const side = Math.min(cell - margin, 340);
  const rowHeight = side + 22 + (margin > 6 ? 18 : 6) + 12;
  const places = figure.panels.map((_, index) => ({ x: (index % columns) * (cell + gap) + margin, y: Math.floor(index / columns) * rowHeight + 22, width: side, height: side }));
  return { places, height: Math.ceil(count / columns) * rowHeight + scaleHeight };
}

/** Draws all pictures of a figure as one SVG. */
export function draw(figure: HeatFigure, theme: Theme, width: number): SVGSVGElement {
  const { places, height } = layout(figure, width);
  const svg = node("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": font, "font-size": 11.5 }) as SVGSVGElement;
  const colours = palette(figure, theme);
  figure.panels.forEach((panel, index) => svg.append(drawPanel(panel, places[index]!, colours, theme)));
  svg.append(drawScale(figure, colours, theme, width, height));
  return svg;
}

function drawPanel(panel: HeatPanel, place: PanelPlace, colours: [number, number, number][], theme: Theme): SVGElement {
  const group = node("g", {});
  const { x, y, width, height } = place;
  if (panel.title !== "") group.append(node("text", { x, y: y - 7, fill: theme.ink, "font-weight": 600, "font-size": 12.5 }, fitted(panel.title, width + gap - 4)));
  group.append(panel.rows * panel.columns <= mostRectangles ? rectangles(panel, place, colours) : picture(panel, place, colours));
  group.append(node("rect", { x, y, width, height, fill: "none", stroke: theme.rule, "stroke-width": 1 }));
  const unit = height / panel.rows;
  for (const { name, first, count } of panel.groups) {
    if (first > 0 && panel.groups.length <= 40) {
      group.append(node("line", { x1: x, x2: x + width, y1: y + first * unit, y2: y + first * unit, stroke: theme.ink, "stroke-width": 0.5, "stroke-opacity": 0.45 }));
      group.append(node("line", { y1: y, y2: y + height, x1: x + first * unit, x2: x + first * unit, stroke: theme.ink, "stroke-width": 0.5, "stroke-opacity": 0.45 }));
    }
    const short = name.length > 3 ? `${name.slice(0, 2)}…` : name;
    const middle = (first + count / 2) * unit;
    const isNarrow = count * unit < 5.6 * short.length + 2;
    group.append(node("text", { x: x - 5, y: y + middle + 4, "text-anchor": "end", fill: theme.muted, "font-size": 10.5 }, short));
    if (!isNarrow) group.append(node("text", { x: x + middle, y: y + height + 13, "text-anchor": "middle", fill: theme.muted, "font-size": 10.5 }, short));
  }
  panel.rowNames.forEach((name, row) => group.append(node("text", { x: x - 6, y: y + (row + 0.5) * unit + 4, "text-anchor": "end", fill: theme.muted }, name)));
  if (panel.columnLabel !== undefined) group.append(columns(panel, place, theme));
  return group;
}

// A title as long as its picture is wide.
const fitted = (title: string, width: number): string => {
  const most = Math.floor(width / 6.6);
  return title.length <= most ? title : `${title.slice(0, Math.max(1, most - 1))}…`;
};

function columns(panel: HeatPanel, { x, y, width, height }: PanelPlace, theme: Theme): SVGElement {
  const group = node("g", { fill: theme.muted });
  const unit = width / panel.columns;
  const step = panel.columns > 40 ? 10 : panel.columns > 15 ? 5 : 1;
  for (let column = 1; column <= panel.columns; column += column === 1 && step > 1 ? step - 1 : step) {
    group.append(node("text", { x: x + (column - 0.5) * unit, y: y + height + 14, "text-anchor": "middle" }, String(column)));
  }
  group.append(node("text", { x: x + width / 2, y: y + height + 30, "text-anchor": "middle", fill: theme.ink, "font-size": 12.5, "font-style": "italic" }, panel.columnLabel));
  for (const { rank, label } of panel.marks) {
    group.append(node("line", { x1: x + rank * unit, x2: x + rank * unit, y1: y - 4, y2: y + height, stroke: theme.predicted, "stroke-width": 1.2 }));
    group.append(node("text", { x: x + rank * unit, y: y - 7, "text-anchor": "middle", fill: theme.predicted, "font-style": "italic", "font-size": 12 }, label));
  }
  return group;
}

function rectangles(panel: HeatPanel, { x, y, width, height }: PanelPlace, colours: [number, number, number][]): SVGElement {
  const group = node("g", { "shape-rendering": "crispEdges" });
  const values = bytes(panel.cells);
  const w = width / panel.columns, h = height / panel.rows;
  for (let row = 0; row < panel.rows; row++) {
    for (let column = 0; column < panel.columns; column++) {
      group.append(node("rect", { x: x + column * w, y: y + row * h, width: w + 0.02, height: h + 0.02, fill: css(colours[values[row * panel.columns + column]!]!) }));
    }
  }
  return group;
}

// Cells are written several dots wide: viewers that smooth pictures then blur only their edges.
function picture(panel: HeatPanel, { x, y, width, height }: PanelPlace, colours: [number, number, number][]): SVGElement {
  const times = Math.max(1, Math.floor(640 / Math.max(panel.rows, panel.columns)));
  const canvas = document.createElement("canvas");
  canvas.width = panel.columns * times;
  canvas.height = panel.rows * times;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  const values = bytes(panel.cells);
  for (let row = 0; row < canvas.height; row++) {
    for (let column = 0; column < canvas.width; column++) {
      const [red, green, blue] = colours[values[Math.floor(row / times) * panel.columns + Math.floor(column / times)]!]!;
      image.data.set([red, green, blue, 255], 4 * (row * canvas.width + column));
    }
  }
  context.putImageData(image, 0, 0);
  return node("image", { x, y, width, height, href: canvas.toDataURL("image/png"), preserveAspectRatio: "none", "image-rendering": "pixelated" });
}

function drawScale(figure: HeatFigure, colours: [number, number, number][], theme: Theme, width: number, height: number): SVGElement {
  const group = node("g", {});
  const length = Math.min(240, width - 40), x = Math.max(0, width - length) / 2, y = height - scaleHeight + 12;
  const steps = 64;
  for (let i = 0; i < steps; i++) {
    group.append(node("rect", { x: x + (i * length) / steps, y, width: length / steps + 0.3, height: 9, fill: css(colours[Math.round((255 * i) / (steps - 1))]!), "shape-rendering": "crispEdges" }));
  }
  group.append(node("rect", { x, y, width: length, height: 9, fill: "none", stroke: theme.rule, "stroke-width": 0.8 }));
  const name = (value: number) => (figure.isLogarithmic ? (value === 0 ? "1" : `10${superscript(value)}`) : readable(value));
  [figure.low, (figure.low + figure.high) / 2, figure.high].forEach((value, i) =>
    group.append(node("text", { x: x + (i * length) / 2, y: y + 22, "text-anchor": "middle", fill: theme.muted }, name(value))));
  group.append(node("text", { x: x + length + 8, y: y + 8.5, fill: theme.ink, "font-size": 12 }, figure.scale));
  return group;
}
