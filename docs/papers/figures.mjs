// Takes the figures that these pages show from a page of the program: node docs/papers/figures.mjs claims.html
// Every images/NAME.svg that a page beside this script shows is the figure NAME, as the page's own button "Save as SVG" writes it. Needs a Chromium: CHROMIUM names it, or it is on the path.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const browsers = process.env.CHROMIUM ? [process.env.CHROMIUM] : ["chromium", "chromium-browser", "google-chrome"];

function wanted() {
  const pages = fs.readdirSync(folder).filter((file) => file.endsWith(".md")).map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  return new Set(pages.flatMap((text) => [...text.matchAll(/\]\(images\/([a-z0-9-]+)\.svg\)/g)].map((match) => match[1])));
}

// In the page: presses every button that saves, keeps what would have been saved, and leaves it as the document's only text.
function harvest() {
  const saved = [];
  let last;
  URL.createObjectURL = (blob) => ((last = blob), "#");
  HTMLAnchorElement.prototype.click = function () {
    saved.push([this.download.replace(/\.svg$/, ""), last]);
  };
  addEventListener("load", async () => {
    await document.fonts.ready;
    for (const button of document.querySelectorAll("button.save")) button.click();
    const figures = await Promise.all(saved.map(async ([name, blob]) => [name, await blob.text()]));
    const bytes = new TextEncoder().encode(JSON.stringify(figures));
    document.body.textContent = `figures:${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}.`;
  });
}

function open(file, profile) {
  const options = ["--headless", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`, "--virtual-time-budget=30000", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--dump-dom", pathToFileURL(file).href];
  for (const browser of browsers) {
    try {
      return execFileSync(browser, options, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  throw new Error(`no browser: none of ${browsers.join(", ")} is on the path; CHROMIUM names one`);
}

function figuresOf(page) {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "figures-"));
  try {
    const copy = path.join(scratch, "page.html");
    // The page's policy allows no script but its own.
    const text = fs.readFileSync(page, "utf8").replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "").replace("</body>", () => `<script>(${harvest})();</script></body>`);
    fs.writeFileSync(copy, text);
    const found = /figures:([A-Za-z0-9+/=]*)\./.exec(open(copy, path.join(scratch, "profile")));
    if (!found) throw new Error(`${page}: the browser did not come to its end, or this is no page of the program`);
    return new Map(JSON.parse(Buffer.from(found[1], "base64").toString("utf8")));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

const page = process.argv[2];
if (!page) {
  console.error("node docs/papers/figures.mjs PAGE.html");
  process.exit(2);
}
const figures = figuresOf(page), names = [...wanted()].sort(), missing = names.filter((name) => !figures.has(name));
const images = path.join(folder, "images");
fs.mkdirSync(images, { recursive: true });
for (const name of names.filter((one) => figures.has(one))) fs.writeFileSync(path.join(images, `${name}.svg`), figures.get(name));
console.log(`${names.length - missing.length} figures written`);
if (missing.length > 0) {
  console.error(`not on the page, for want of runs perhaps, and left as they were: ${missing.join(", ")}`);
  process.exitCode = 1;
}
