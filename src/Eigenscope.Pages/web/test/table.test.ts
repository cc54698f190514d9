import assert from "node:assert/strict";
import { test } from "node:test";
import type { LineFigure, SpectrumFigure } from "../src/model.ts";
import { rowsOf } from "../src/table.ts";

const axis = { label: "value", isLogarithmic: true, min: 1, max: 10 };
const text = { id: "x", title: "", sentence: "", formula: "" };

test("a spectrum's rows hold what is measured and what is predicted", () => {
  const figure: SpectrumFigure = {
    ...text, $type: "spectrum", x: axis, y: axis, marks: [], isOrdered: false,
    measured: [{ name: "measured", ranks: [1, 2], values: [3, 2], isNegative: false }, { name: "measured, negative", ranks: [3], values: [0.5], isNegative: true }],
    predicted: [{ value: 3, firstRank: 1, lastRank: 9, label: "×9", isNegative: false }],
  };
  assert.deepEqual(rowsOf(figure), [["series", "rank", "value"], ["measured", "1", "3"], ["measured", "2", "2"], ["measured, negative", "3", "−0.5"], ["predicted", "1–9", "3"]]);
});

test("a value that does not exist is a dash, and named positions have their names", () => {
  const figure: LineFigure = {
    ...text, $type: "lines", x: { ...axis, label: "layer", names: ["1", "logits"] }, y: axis, isOrdered: false, isLevelled: false, isUnjoined: false,
    lines: [{ name: "NC1", x: [0, 1], y: [0.5, null], isPredicted: false, isWhole: false }],
  };
  assert.deepEqual(rowsOf(figure), [["line", "layer", "value"], ["NC1", "1", "0.5"], ["NC1", "logits", "–"]]);
});
