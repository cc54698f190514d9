import assert from "node:assert/strict";
import { test } from "node:test";
import type { MultiplesFigure, PhaseFigure } from "../src/model.ts";
import { multiplesLayout } from "../src/multiples.ts";
import { phaseLayout, placeOf, short } from "../src/phase.ts";
import { rowsOf } from "../src/table.ts";

const text = { id: "x", title: "", sentence: "", formula: "" };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `1e-${i}`);

const phase = (across: number, down: number, panels: number): PhaseFigure => ({
  ...text, $type: "phase", columns: { label: "width", names: names(across) }, rows: { label: "λ", names: names(down) }, low: 1e-4, high: 1, scale: "NC1", isLogarithmic: true,
  panels: Array.from({ length: panels }, (_, i) => ({ title: `p${i}`, values: Array.from({ length: across * down }, () => 0.1), errors: Array.from({ length: across * down }, () => null), gaps: Array.from({ length: across * down }, () => null) })),
});

test("a place on a logarithmic scale is that of the logarithm, and nothing lies below its end", () => {
  assert.ok(Math.abs(placeOf({ low: 1e-4, high: 1, isLogarithmic: true }, 1e-2) - 0.5) < 1e-12);
  assert.equal(placeOf({ low: 1e-4, high: 1, isLogarithmic: true }, 0), 0);
  assert.equal(placeOf({ low: 2, high: 6, isLogarithmic: false }, 3), 0.25);
});

test("numbers in cells are short", () => assert.deepEqual([0, 12.3456, 1234.5, 0.00012, -3e-8].map(short), ["0", "12.3", "1235", "1.2e−4", "−3e−8"]));

for (const width of [300, 358, 690, 1100]) {
  for (const [across, down, panels] of [[2, 2, 1], [7, 3, 2], [4, 5, 6]] as const) {
    test(`${panels} pictures of ${down} × ${across} lie inside ${width} dots`, () => {
      const { left, columns, panelWidth, height, panelHeight } = phaseLayout(phase(across, down, panels), width);
      assert.ok(panelWidth > 0 && columns * (left + panelWidth) <= width + 0.01);
      assert.ok(Math.ceil(panels / columns) * panelHeight < height);
    });
  }
}

const line = { name: "rank", x: [1, 2], y: [3, null], isPredicted: false, isWhole: false };
const multiples = (count: number): MultiplesFigure => ({
  ...text, $type: "multiples", x: { label: "λ", isLogarithmic: true, min: 1, max: 10 }, y: { label: "rank", isLogarithmic: false, min: 0, max: 5 }, isOrdered: false,
  panels: Array.from({ length: count }, (_, i) => ({ title: `layer ${i + 1}`, lines: [line] })),
});

for (const width of [300, 690, 1100]) {
  for (const count of [1, 4, 7, 12]) {
    test(`${count} panels lie apart and inside ${width} dots`, () => {
      const { panels, height } = multiplesLayout(multiples(count), width, 1);
      for (const [index, place] of panels.entries()) {
        assert.ok(place.x >= 0 && place.x + place.width <= width && place.y + place.height <= height && place.width > 100);
        for (const other of panels.slice(index + 1)) assert.ok(place.x + place.width <= other.x || place.y + place.height <= other.y);
      }
    });
  }
}

test("the rows of panels name their panel, and those of pictures say what is missing", () => {
  assert.deepEqual(rowsOf(multiples(2)), [["panel", "line", "λ", "rank"], ["layer 1", "rank", "1", "3"], ["layer 1", "rank", "2", "–"], ["layer 2", "rank", "1", "3"], ["layer 2", "rank", "2", "–"]]);
  const figure = phase(2, 1, 1);
  figure.panels[0]!.values[1] = null;
  figure.panels[0]!.gaps[1] = "failed";
  figure.panels[0]!.errors[0] = 0.02;
  assert.deepEqual(rowsOf(figure), [["panel", "λ", "width", "NC1", "standard error"], ["p0", "1e-0", "1e-0", "0.1", "0.02"], ["p0", "1e-0", "1e-1", "failed", "–"]]);
});

test("error bars are in the rows where lines have them", () => {
  const rows = rowsOf({ ...text, $type: "lines", x: { label: "λ", isLogarithmic: false, min: 0, max: 2 }, y: { label: "share", isLogarithmic: false, min: 0, max: 1 }, isOrdered: false, isLevelled: false, isUnjoined: false, lines: [{ ...line, low: [2, null], high: [4, null] }] });
  assert.deepEqual(rows, [["line", "λ", "share", "from", "to"], ["rank", "1", "3", "2", "4"], ["rank", "2", "–", "–", "–"]]);
});
