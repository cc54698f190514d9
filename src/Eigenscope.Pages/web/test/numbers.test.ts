import assert from "node:assert/strict";
import { test } from "node:test";
import { powerOfTen, rank, readable, roundStep, superscript, twoLines } from "../src/numbers.ts";

test("powers of ten near one are plain numbers, others have exponents", () => {
  assert.deepEqual([1e-12, 0.01, 0.1, 1, 10, 100, 1000].map(powerOfTen), ["10⁻¹²", "10⁻²", "0.1", "1", "10", "100", "10³"]);
});

test("a tick between powers of ten has no label", () => assert.equal(powerOfTen(20), ""));

test("ranks are whole", () => assert.deepEqual([1, 100, 2.5].map(rank), ["1", "100", ""]));

test("numbers keep four digits", () => {
  assert.deepEqual([0, 1, 0.123456, -12345.6, 1.23456e-7, -2e9].map(readable), ["0", "1", "0.1235", "−12350", "1.235 × 10⁻⁷", "−2 × 10⁹"]);
});

test("exponents are raised digit by digit", () => assert.equal(superscript(-105), "⁻¹⁰⁵"));

test("a text is broken once, at the space nearest to its middle, where it is too long and has one", () => {
  assert.deepEqual(["short name", "rank of the class part", "unbreakable"].map((text) => twoLines(text, 10)), ["short name", "rank of the\nclass part", "unbreakable"]);
});

test("a range has five round steps or fewer", () => {
  const steps = [1, 0.2, 0.016, 7, 30].map(roundStep);
  steps.forEach((step, i) => assert.ok(Math.abs(step / [0.2, 0.05, 0.005, 2, 10][i]! - 1) < 1e-9, String(step)));
});
