const superscripts: Record<string, string> = { "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" };

/** A whole exponent above the line: -12 → "⁻¹²". */
export const superscript = (exponent: number): string => [...String(exponent)].map((digit) => superscripts[digit] ?? digit).join("");

/** The label of a tick on an axis of powers of ten; ticks between powers have none. */
export function powerOfTen(value: number): string {
  const exponent = Math.log10(value);
  const whole = Math.round(exponent);
  if (Math.abs(exponent - whole) > 1e-6) return "";
  if (whole >= -1 && whole <= 2) return whole === -1 ? "0.1" : String(10 ** whole);
  return `10${superscript(whole)}`;
}

/** A power of ten of either sign, or zero. */
export const signedPower = (value: number): string => (value === 0 ? "0" : value < 0 ? `−${powerOfTen(-value)}` : powerOfTen(value));

/** A rank: whole, without exponents. */
export const rank = (value: number): string => (Number.isInteger(Math.round(value * 1e6) / 1e6) ? String(Math.round(value)) : "");

/** A number as people read it: four digits, powers of ten written out. */
export function readable(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(4))).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(3).split("e");
  return `${Number(mantissa)}`.replace("-", "−") + ` × 10${superscript(Number(exponent))}`;
}

/** A text with a line break at the space nearest to its middle, where it is longer than so many letters. */
export function twoLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const middle = text.length / 2;
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  const at = spaces.reduce((best, space) => (Math.abs(space - middle) < Math.abs(best - middle) ? space : best), -1);
  return at < 0 ? text : `${text.slice(0, at)}\n${text.slice(at + 1)}`;
}

/** A power of ten times 1, 2 or 5 of which five or fewer make up a range above zero. */
export function roundStep(range: number): number {
  const share = range / 5, power = 10 ** Math.floor(Math.log10(share) + 1e-9);
  return power * (share <= power * (1 + 1e-9) ? 1 : share <= 2 * power * (1 + 1e-9) ? 2 : share <= 5 * power * (1 + 1e-9) ? 5 : 10);
}
