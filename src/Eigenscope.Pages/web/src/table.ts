import type { Axis, Figure, LineSeries } from "./model.ts";
import { readable } from "./numbers.ts";

const mostRows = 400;

/** The numbers of a figure in rows: for readers who cannot see it, and for copying. */
export function rowsOf(figure: Figure): string[][] {
  switch (figure.$type) {
    case "spectrum":
      return [
        ["series", "rank", "value"],
        ...figure.measured.flatMap((series) => series.ranks.map((rank, i) => [series.name, String(rank), `${series.isNegative ? "−" : ""}${readable(series.values[i]!)}`])),
        ...figure.predicted.map((level) => ["predicted", level.firstRank === level.lastRank ? String(level.firstRank) : `${level.firstRank}–${level.lastRank}`, `${level.isNegative ? "−" : ""}${readable(level.value)}`]),
      ];
    case "lines":
      return linesOf(figure.lines, figure.x, figure.y);
    case "multiples":
      return figure.panels.flatMap(({ title, lines }, index) => {
        const [head, ...rows] = linesOf(lines, figure.x, figure.y, figure.panels.some((panel) => panel.lines.some(hasErrors)));
        return [...(index === 0 ? [["panel", ...head!]] : []), ...rows.map((row) => [title, ...row])];
      });
    case "phase":
      return [
        ["panel", figure.rows.label, figure.columns.label, figure.scale, "standard error"],
        ...figure.panels.flatMap((panel) => panel.values.map((value, i) => [
          panel.title, figure.rows.names[Math.floor(i / figure.columns.names.length)]!, figure.columns.names[i % figure.columns.names.length]!, value === null ? (panel.gaps[i] ?? "–") : readable(value), number(panel.errors[i] ?? null),
        ])),
      ];
    case "bars":
      return [
        ["", figure.y.label, ...(figure.standardErrors ? ["standard error"] : [])],
        ...figure.names.map((name, i) => [name, number(figure.values[i] ?? null), ...(figure.standardErrors ? [number(figure.standardErrors[i] ?? null)] : [])]),
      ];
    case "density":
      return [
        ["λ", "density", "band from", "to"],
        ...figure.lines.map(({ value }) => [readable(value), "known eigenvalue", "", ""]),
        ...figure.values.flatMap((value, i) => (figure.high[i] == null ? [] : [[readable(value), number(figure.density[i] ?? null), number(figure.low[i] ?? null), number(figure.high[i] ?? null)]])),
      ];
    case "heat":
      return [["picture", "rows", "columns"], ...figure.panels.map((panel) => [panel.title, String(panel.rows), String(panel.columns)])];
  }
}

const hasErrors = (line: LineSeries): boolean => line.low !== undefined;

function linesOf(lines: LineSeries[], x: Axis, y: Axis, withErrors: boolean = lines.some(hasErrors)): string[][] {
  return [
    ["line", x.label, y.label, ...(withErrors ? ["from", "to"] : [])],
    ...lines.flatMap((line) => line.x.map((at, i) => [line.name, x.names?.[at] ?? readable(at), number(line.y[i] ?? null), ...(withErrors ? [number(line.low?.[i] ?? null), number(line.high?.[i] ?? null)] : [])])),
  ];
}

const number = (value: number | null): string => (value === null ? "–" : readable(value));

export function numbersTable(figure: Figure): HTMLElement {
  const rows = rowsOf(figure);
  const frame = document.createElement("div");
  frame.className = "scroll";
  frame.tabIndex = 0;
  const table = frame.appendChild(document.createElement("table"));
  rows.slice(0, mostRows + 1).forEach((row, index) => {
    const line = (index === 0 ? table.createTHead() : (table.tBodies[0] ?? table.createTBody())).insertRow();
    row.forEach((text, column) => {
      const cell = line.appendChild(document.createElement(index === 0 ? "th" : "td"));
      cell.textContent = text;
      if (column > 0) cell.className = "n";
    });
  });
  if (rows.length > mostRows + 1) frame.append(`The first ${mostRows} of ${rows.length - 1} rows; the file of --json has them all.`);
  return frame;
}
