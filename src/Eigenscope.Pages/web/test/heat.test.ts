import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, layout, palette } from "../src/heat.ts";
import type { HeatFigure, HeatPanel } from "../src/model.ts";
import { blend, dark, light } from "../src/theme.ts";

const panel = (rows: number, columns: number): HeatPanel => ({ title: "t", rows, columns, cells: "", groups: [], rowNames: [], marks: [] });

const figure = (panels: HeatPanel[]): HeatFigure =>
  ({ $type: "heat", id: "x", title: "", sentence: "", formula: "", panels, low: -1, high: 1, scale: "", isDiverging: true, isLogarithmic: false });

test("cells are the bytes of their base 64", () => assert.deepEqual([...bytes("AH//")], [0, 127, 255]));

test("the ends and the middle of a scale have their colours", () => {
  for (const theme of [light, dark]) {
    const colours = palette({ isDiverging: true }, theme);
    assert.deepEqual([colours[0], colours[255]], [theme.diverging[0], theme.diverging[2]]);
    assert.deepEqual(blend(theme.diverging, 0.5), theme.diverging[1]);
  }
});

for (const width of [300, 358, 690, 1100]) {
  for (const count of [1, 2, 5, 9, 21]) {
    test(`${count} pictures lie apart and inside ${width} dots`, () => {
      const { places, height } = layout(figure(Array.from({ length: count }, () => panel(160, 160))), width);
      assert.equal(places.length, count);
      for (const [index, place] of places.entries()) {
        assert.ok(place.x >= 0 && place.x + place.width <= width + 0.01 && place.y + place.height <= height);
        assert.ok(place.width >= 90);
        for (const other of places.slice(index + 1)) {
          assert.ok(place.x + place.width <= other.x || other.x + other.width <= place.x || place.y + place.height <= other.y || other.y + other.height <= place.y);
        }
      }
    });
  }
}

test("nine pictures stand three by three, seven in one row", () => {
  const shape = (count: number) => {
    const { places } = layout(figure(Array.from({ length: count }, () => panel(100, 100))), 1100);
    return [new Set(places.map(({ x }) => x)).size, new Set(places.map(({ y }) => y)).size];
  };
  assert.deepEqual(shape(9), [3, 3]);
  assert.deepEqual(shape(7), [7, 1]);
});
