import assert from "node:assert/strict";
import { test } from "node:test";
import { runs } from "../src/density.ts";
import type { BarFigure, DensityFigure } from "../src/model.ts";
import { signedPower } from "../src/numbers.ts";
import { rowsOf } from "../src/table.ts";

const text = { id: "x", title: "", sentence: "", formula: "" };
const axis = { label: "density", isLogarithmic: true, min: 0.1, max: 10 };

test("a band is drawn in stretches that lie on the axis", () => {
  assert.deepEqual(runs({ high: [null, 1, 2, null, null, 3, null] }), [[1, 2], [5, 5]]);
  assert.deepEqual(runs({ high: [null] }), []);
});

test("a density's rows hold the lines and the points that are drawn", () => {
  const figure: DensityFigure = {
    ...text, $type: "density", x: axis, y: axis, positions: [0, 1, 2], values: [-1, 0, 1], density: [null, 2, null], low: [null, 1.5, 0.1], high: [null, 2.5, 0.2], confidence: 0.9,
    unresolved: [], lines: [{ position: 3, value: 10 }], lineHeight: 0.5,
  };
  assert.deepEqual(rowsOf(figure), [["λ", "density", "band from", "to"], ["10", "known eigenvalue", "", ""], ["0", "2", "1.5", "2.5"], ["1", "–", "0.1", "0.2"]]);
});

test("bars have their standard errors beside them where there are any", () => {
  const figure: BarFigure = { ...text, $type: "bars", names: ["class", "within"], values: [0.5, 0.25], standardErrors: [null, 0.01], y: axis };
  assert.deepEqual(rowsOf(figure), [["", "density", "standard error"], ["class", "0.5", "–"], ["within", "0.25", "0.01"]]);
});

test("ticks of a logarithm through zero have both signs", () => {
  assert.deepEqual([-1e-4, -1, 0, 10, 1e5].map(signedPower), ["−10⁻⁴", "−1", "0", "10", "10⁵"]);
});
