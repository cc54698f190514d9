/** Colours of a drawing. Every pair that must be told apart differs for readers with any common colour vision, and in lightness. */
export interface Theme {
  name: "light" | "dark";
  paper: string;
  ink: string;
  muted: string;
  rule: string;
  grid: string;
  measured: string;
  predicted: string;
  doubtful: string;
  /** For lines without an order. */
  categories: string[];
  /** For lines in an order, from first to last. */
  ramp: [number, number, number][];
  /** Pictures: low, middle, high. */
  diverging: [number, number, number][];
  /** Pictures from nothing to much. */
  sequential: [number, number, number][];
}

export const light: Theme = {
  name: "light",
  paper: "#ffffff",
  ink: "#1b1e23",
  muted: "#5a616b",
  rule: "#8b929c",
  grid: "#eceef1",
  measured: "#0b5fa5",
  predicted: "#c4460a",
  doubtful: "#9c5700",
  categories: ["#0b5fa5", "#0a7d5f", "#8a3a86", "#5a616b", "#a06a00"],
  ramp: [[60, 20, 90], [52, 84, 140], [28, 130, 140], [60, 150, 85], [160, 140, 20]],
  diverging: [[26, 84, 150], [247, 247, 247], [178, 62, 16]],
  sequential: [[248, 249, 250], [158, 196, 222], [44, 116, 180], [10, 38, 90]],
};

export const dark: Theme = {
  name: "dark",
  paper: "#15181c",
  ink: "#e8e9ea",
  muted: "#a4abb4",
  rule: "#6d747e",
  grid: "#262a30",
  measured: "#62b2f0",
  predicted: "#ff9d5c",
  doubtful: "#e8b04a",
  categories: ["#62b2f0", "#4fc9a4", "#d595d2", "#a4abb4", "#d9b24a"],
  ramp: [[150, 120, 220], [96, 150, 230], [64, 190, 200], [120, 210, 120], [235, 215, 90]],
  diverging: [[98, 178, 240], [28, 32, 37], [255, 150, 84]],
  sequential: [[24, 28, 33], [30, 80, 130], [80, 160, 220], [225, 240, 252]],
};

/** The colour at a place between 0 and 1 of a list of colours. */
export function blend(stops: [number, number, number][], place: number): [number, number, number] {
  const position = Math.min(Math.max(place, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  const share = position - index;
  const from = stops[index]!, to = stops[index + 1]!;
  return [0, 1, 2].map((channel) => Math.round(from[channel]! + share * (to[channel]! - from[channel]!))) as [number, number, number];
}

export const css = ([red, green, blue]: [number, number, number]): string => `rgb(${red},${green},${blue})`;

/** Colours for a number of lines, in an order or without one. */
export function lineColours(theme: Theme, count: number, isOrdered: boolean): string[] {
  return Array.from({ length: count }, (_, index) =>
    isOrdered && count > 1 ? css(blend(theme.ramp, index / (count - 1))) : theme.categories[index % theme.categories.length]!);
}

// In single quotes: the library writes it into attributes in double ones as it is.
export const font = "'Source Sans 3 Variable', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";
