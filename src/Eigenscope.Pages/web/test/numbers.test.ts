import assert from "node:assert/strict";
import { test } from "node:test";
import { powerOfTen, rank, readable, superscript } from "../src/numbers.ts";

test("powers of ten near one are plain numbers, others have exponents", () => {
  assert.deepEqual([1e-12, 0.01, 0.1, 1, 10, 100, 1000].map(powerOfTen), ["10⁻¹²", "10⁻²", "0.1", "1", "10", "100", "10³"]);
});

test("a tick between powers of ten has no label", () => assert.equal(powerOfTen(20), ""));

test("ranks are whole", () => assert.deepEqual([1, 100, 2.5].map(rank), ["1", "100", ""]));

test("numbers keep four digits", () => {
  assert.deepEqual([0, 1, 0.123456, -12345.6, 1.23456e-7, -2e9].map(readable), ["0", "1", "0.1235", "−12350", "1.235 × 10⁻⁷", "−2 × 10⁹"]);
});

test("exponents are raised digit by digit", () => assert.equal(superscript(-105), "⁻¹⁰⁵"));
