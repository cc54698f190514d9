import temml from "temml";
import { live, multiplesHeight, svgText, uprightRoom, type LiveChart } from "./charts.ts";
import { draw, layout } from "./heat.ts";
import type { Figure, PictureFigure } from "./model.ts";
import { drawPhase, phaseLayout } from "./phase.ts";
import { numbersTable } from "./table.ts";
import { dark, light, type Theme } from "./theme.ts";

const printWidth = 336, printWideWidth = 690, savedWidth = 720, printRatio = 0.66, savedRatio = 0.6;
const themeKey = "eigenscope-theme";

function heightOf(figure: Figure, width: number): number {
  switch (figure.$type) {
    case "heat":
      return layout(figure, width).height;
    case "phase":
      return phaseLayout(figure, width).height;
    case "multiples":
      return multiplesHeight(figure, width);
    default:
      return Math.round(Math.min(360, Math.max(250, 0.62 * width)) + uprightRoom(figure, width));
  }
}

const isPicture = (figure: Figure): figure is PictureFigure => figure.$type === "heat" || figure.$type === "phase";
const drawPicture = (figure: PictureFigure, theme: Theme, width: number): SVGSVGElement => (figure.$type === "heat" ? draw(figure, theme, width) : drawPhase(figure, theme, width));

/** The figure as an SVG of its own, in light colours: for print and for files. */
function alone(figure: Figure, width: number, ratio: number): SVGSVGElement {
  const svg = isPicture(figure)
    ? drawPicture(figure, light, width)
    : (document.importNode(new DOMParser().parseFromString(svgText(figure, light, width, figure.$type === "multiples" ? heightOf(figure, width) : Math.round(ratio * width + uprightRoom(figure, width))), "image/svg+xml").documentElement, true) as unknown as SVGSVGElement);
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title"), description = document.createElementNS("http://www.w3.org/2000/svg", "desc");
  title.textContent = figure.title;
  description.textContent = figure.sentence;
  svg.prepend(title, description);
  return svg;
}

class Drawing {
  readonly plot: HTMLElement;
  private chart: LiveChart | undefined;
  private width = 0;
  private isSeen = false;

  constructor(readonly figure: Figure, readonly frame: HTMLElement) {
    this.plot = frame.querySelector<HTMLElement>(".plot")!;
    this.reserve();
  }

  // A figure takes its place before it is drawn, so that nothing moves while a reader follows a link.
  private reserve(): void {
    const width = Math.floor(this.plot.clientWidth);
    if (width > 0) this.plot.style.height = `${heightOf(this.figure, width)}px`;
  }

  see(theme: Theme): void {
    this.isSeen = true;
    this.draw(theme);
  }

  draw(theme: Theme): void {
    const width = Math.floor(this.plot.clientWidth);
    this.reserve();
    if (!this.isSeen || width === 0) return;
    this.width = width;
    const height = heightOf(this.figure, width);
    if (isPicture(this.figure)) {
      this.plot.replaceChildren(drawPicture(this.figure, theme, width));
    } else {
      this.chart ??= live(this.plot, this.figure);
      this.chart.draw(theme, width, height);
    }
  }

  fit(theme: Theme): void {
    if (Math.floor(this.plot.clientWidth) !== this.width) this.draw(theme);
  }

  /** Puts a copy for paper beside what is on the screen. */
  print(): void {
    const copy = document.createElement("div");
    copy.className = "paper";
    copy.append(alone(this.figure, this.frame.classList.contains("wide") ? printWideWidth : printWidth, printRatio));
    this.plot.after(copy);
  }

  save(): void {
    const text = `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(alone(this.figure, savedWidth, savedRatio))}\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    link.download = `${this.figure.id}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

function storedTheme(): string | null {
  try {
    return localStorage.getItem(themeKey);
  } catch {
    return null;
  }
}

function storeTheme(name: string): void {
  try {
    localStorage.setItem(themeKey, name);
  } catch {
    // A page opened from a file may have no store; the choice then lasts as long as the page.
  }
}

function start(): void {
  const root = document.documentElement;
  root.classList.add("scripted");
  const figures = JSON.parse(document.getElementById("page-data")!.textContent) as Figure[];
  const drawings = figures.map((figure) => new Drawing(figure, document.getElementById(figure.id)!));
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = storedTheme();
  let chosen: string | null = stored === "dark" || stored === "light" ? stored : null;
  const theme = (): Theme => ((chosen ?? (system.matches ? "dark" : "light")) === "dark" ? dark : light);

  const toggle = document.getElementById("theme") as HTMLButtonElement;
  const apply = (): void => {
    if (chosen) root.dataset["theme"] = chosen;
    toggle.textContent = theme().name === "dark" ? "Light" : "Dark";
    toggle.setAttribute("aria-label", `Show the page in ${theme().name === "dark" ? "light" : "dark"} colours`);
    for (const drawing of drawings) drawing.draw(theme());
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    chosen = theme().name === "dark" ? "light" : "dark";
    storeTheme(chosen);
    apply();
  });
  system.addEventListener("change", apply);
  apply();
  // Letters are measured anew once their font is there.
  void document.fonts.ready.then(apply);

  for (const formula of document.querySelectorAll<HTMLElement>(".formula")) {
    const tex = formula.textContent;
    formula.title = tex;
    // What is set apart may stand on lines of its own.
    formula.replaceChildren(...tex.split("\\qquad").map((part) => {
      const span = document.createElement("span");
      temml.render(`\\displaystyle ${part}`, span, { displayMode: false, throwOnError: false, trust: false });
      return span;
    }));
  }
  watch(drawings, theme);
  prepareFolds();
  preparePrint(drawings);
}

function watch(drawings: Drawing[], theme: () => Theme): void {
  const byPlot = new Map(drawings.map((drawing) => [drawing.plot as Element, drawing]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      byPlot.get(entry.target)?.see(theme());
      seen.unobserve(entry.target);
    }
  }, { rootMargin: "600px" });
  // Drawing changes heights, which must not happen while sizes are being told.
  const sized = new ResizeObserver((entries) => {
    requestAnimationFrame(() => {
      for (const entry of entries) byPlot.get(entry.target)?.fit(theme());
    });
  });
  for (const drawing of drawings) {
    seen.observe(drawing.plot);
    sized.observe(drawing.plot);
    const button = drawing.frame.querySelector<HTMLButtonElement>(".save")!;
    button.hidden = false;
    button.addEventListener("click", () => drawing.save());
    const numbers = drawing.frame.querySelector<HTMLDetailsElement>(".numbers");
    numbers?.addEventListener("toggle", () => {
      if (numbers.open && numbers.childElementCount === 1) numbers.append(numbersTable(drawing.figure));
    });
    if (numbers) numbers.hidden = false;
  }
}

function prepareFolds(): void {
  const folds = [...document.querySelectorAll<HTMLDetailsElement>("details.part")];
  const reveal = (): void => {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const fold = target?.closest<HTMLDetailsElement>("details.part");
    if (target && fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.unfold")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const isOpening = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = isOpening;
    });
  }
}

function preparePrint(drawings: Drawing[]): void {
  let folded: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    if (document.documentElement.classList.contains("printing")) return;
    folded = [...document.querySelectorAll<HTMLDetailsElement>("details.part:not([open])")];
    for (const fold of folded) fold.open = true;
    for (const drawing of drawings) drawing.print();
    document.documentElement.classList.add("printing");
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    for (const copy of document.querySelectorAll(".paper")) copy.remove();
    for (const fold of folded) fold.open = false;
    folded = [];
  });
}

start();
