// The figures of a page, as the program writes them. Every number that is drawn is in here; this script only places them.

export interface Axis {
  label: string;
  isLogarithmic: boolean;
  min: number;
  max: number;
  tickDecades?: number;
  names?: string[];
  ticks?: Tick[];
}

/** A value at its place on an axis. */
export interface Tick {
  position: number;
  value: number;
}

interface FigureBase {
  id: string;
  title: string;
  sentence: string;
  formula: string;
}

export interface SpectrumSeries {
  name: string;
  ranks: number[];
  values: number[];
  isNegative: boolean;
  category?: string;
}

export interface PredictedLevel {
  value: number;
  firstRank: number;
  lastRank: number;
  label: string;
  isNegative: boolean;
}

export interface SpectrumFigure extends FigureBase {
  $type: "spectrum";
  x: Axis;
  y: Axis;
  measured: SpectrumSeries[];
  predicted: PredictedLevel[];
  marks: { rank: number; label: string }[];
  isOrdered: boolean;
  predictedFrom?: string;
}

export interface LineSeries {
  name: string;
  x: number[];
  y: (number | null)[];
  isPredicted: boolean;
  isWhole: boolean;
  low?: (number | null)[];
  high?: (number | null)[];
  side?: "above" | "below";
}

export interface LineFigure extends FigureBase {
  $type: "lines";
  x: Axis;
  y: Axis;
  lines: LineSeries[];
  isOrdered: boolean;
  isLevelled: boolean;
  isUnjoined: boolean;
}

export interface MultiplesFigure extends FigureBase {
  $type: "multiples";
  x: Axis;
  y: Axis;
  panels: { title: string; lines: LineSeries[] }[];
  isOrdered: boolean;
}

/** Named positions along one side of a picture. */
export interface PhaseSide {
  label: string;
  names: string[];
}

export interface PhasePanel {
  title: string;
  values: (number | null)[];
  errors: (number | null)[];
  gaps: (string | null)[];
}

export interface PhaseFigure extends FigureBase {
  $type: "phase";
  columns: PhaseSide;
  rows: PhaseSide;
  panels: PhasePanel[];
  low: number;
  high: number;
  scale: string;
  isLogarithmic: boolean;
}

export interface HeatGroup {
  name: string;
  first: number;
  count: number;
}

export interface HeatPanel {
  title: string;
  rows: number;
  columns: number;
  cells: string;
  groups: HeatGroup[];
  rowNames: string[];
  columnLabel?: string;
  marks: { rank: number; label: string }[];
}

export interface HeatFigure extends FigureBase {
  $type: "heat";
  panels: HeatPanel[];
  low: number;
  high: number;
  scale: string;
  isDiverging: boolean;
  isLogarithmic: boolean;
}

export interface BarFigure extends FigureBase {
  $type: "bars";
  names: string[];
  values: (number | null)[];
  standardErrors?: (number | null)[];
  y: Axis;
}

export interface DensityFigure extends FigureBase {
  $type: "density";
  x: Axis;
  y: Axis;
  positions: number[];
  values: number[];
  density: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  confidence: number;
  unresolved: { from: number; to: number }[];
  lines: Tick[];
  lineHeight: number;
}

export type ChartFigure = SpectrumFigure | LineFigure | MultiplesFigure | BarFigure | DensityFigure;
export type PictureFigure = HeatFigure | PhaseFigure;
export type Figure = ChartFigure | PictureFigure;
