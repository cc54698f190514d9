// Bundles the scripts and styles of a page: node build.mjs OUTPUT-FOLDER. What is written lies in OUTPUT-FOLDER/dist; packages are installed beside it, never beside the sources.
// Exit codes: 0 done (or nothing to do), 3 Node is too old, npm is missing or the packages cannot be fetched, 1 the sources are wrong.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sources = path.dirname(fileURLToPath(import.meta.url));
const output = path.resolve(process.argv[2] ?? "");
const dist = path.join(output, "dist");
const Unavailable = 3;
const StaleLockMilliseconds = 10 * 60 * 1000;

function stop(code, message) {
  console.error(message);
  release();
  process.exit(code);
}

function run(name, program, args, code) {
  // npm is a script for the shell on Windows; none of the arguments holds anything a shell would read.
  const result = spawnSync(program, args, { cwd: output, encoding: "utf8", shell: process.platform === "win32" && program === "npm" });
  if (result.error || result.status !== 0) {
    stop(code, `${name}: ${(result.error?.message ?? `${result.stdout}${result.stderr}`).trim()}`);
  }
}

const sourceFiles = () =>
  fs.readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(sources, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !file.startsWith("node_modules") && !file.startsWith("dist"))
    .sort();

function hash(files) {
  const sum = createHash("sha256");
  for (const file of files) {
    sum.update(file).update("\0").update(fs.readFileSync(path.join(sources, file))).update("\0");
  }
  return sum.digest("hex");
}

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");

// Builds side by side (of two configurations, of an editor and a terminal) take turns.
const lock = `${output}.lock`;
let isHeld = false;

async function acquire() {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      fs.mkdirSync(lock);
      isHeld = true;
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const age = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > StaleLockMilliseconds) fs.rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function release() {
  if (isHeld) fs.rmSync(lock, { recursive: true, force: true });
  isHeld = false;
}

function copySources(files) {
  for (const entry of fs.existsSync(output) ? fs.readdirSync(output) : []) {
    if (entry !== "node_modules" && entry !== "dist") fs.rmSync(path.join(output, entry), { recursive: true, force: true });
  }
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(output, file)), { recursive: true });
    fs.copyFileSync(path.join(sources, file), path.join(output, file));
  }
}

function installPackages() {
  const stamp = path.join(output, "node_modules", ".stamp");
  const wanted = hash(["package.json", "package-lock.json"]);
  if (read(stamp) === wanted) return;
  const { status } = spawnSync("npm", ["--version"], { shell: process.platform === "win32" });
  if (status !== 0) stop(Unavailable, "npm is missing");
  run("the packages cannot be fetched", "npm", ["ci", "--ignore-scripts", "--fetch-retries=1"], Unavailable);
  fs.writeFileSync(stamp, wanted);
}

async function bundle() {
  const { build } = await import(pathToFileURL(path.join(output, "node_modules", "esbuild", "lib", "main.js")).href);
  const common = { absWorkingDir: output, bundle: true, logLevel: "silent", charset: "utf8" };
  // The tests first: what does not pass them is not shipped.
  const tests = fs.readdirSync(path.join(output, "test")).map((file) => path.join("test", file));
  await build({ ...common, entryPoints: tests, outdir: "test-built", platform: "node", format: "esm", outExtension: { ".js": ".mjs" } });
  const built = tests.map((file) => path.join(output, "test-built", path.basename(file).replace(/\.ts$/, ".mjs")));
  run("the tests of the scripts", process.execPath, ["--test", ...built], 1);
  const page = { ...common, minify: true, write: false, target: ["chrome100", "firefox100", "safari15"], legalComments: "none" };
  const script = await build({ ...page, entryPoints: ["src/main.ts"], format: "iife", banner: { js: `/*!\n${notices()}*/` } });
  const style = await build({ ...page, entryPoints: ["src/page.css"], loader: { ".woff2": "dataurl" } });
  return { script: script.outputFiles[0].contents, style: style.outputFiles[0].contents };
}

// The licences of what is bundled: in full, except that of Apache, which wants its notice.
function notices() {
  const texts = Object.keys(JSON.parse(read(path.join(output, "package-lock.json"))).packages)
    .filter((name) => name !== "")
    .map((name) => ({ name: name.replace("node_modules/", ""), folder: path.join(output, name) }))
    .filter(({ name }) => ["echarts", "zrender", "tslib", "temml"].includes(name) || name.startsWith("@fontsource"))
    .map(({ name, folder }) => {
      const { version, license } = JSON.parse(read(path.join(folder, "package.json")));
      const file = fs.readdirSync(folder).find((entry) => entry === "NOTICE") ?? fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return `${name} ${version}, ${license}\n\n${file ? read(path.join(folder, file)).trim() : ""}\n`;
    });
  return `Third-party parts of this page.\n\n${texts.join("\n")}`.replaceAll("*/", "* /");
}

function write(name, content) {
  const temporary = path.join(dist, `.${name}.${process.pid}`);
  fs.writeFileSync(temporary, content);
  fs.renameSync(temporary, path.join(dist, name));
}

async function main() {
  if (!process.argv[2]) stop(1, "expected a folder to build in");
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 18 || (major === 18 && minor < 17)) stop(Unavailable, `Node.js 18.17 or later is needed, this is ${process.versions.node}`);
  await acquire();
  const files = sourceFiles();
  const wanted = hash(files);
  if (read(path.join(dist, ".stamp")) !== wanted || !fs.existsSync(path.join(dist, "report.js"))) {
    copySources(files);
    installPackages();
    run("type check", process.execPath, [path.join(output, "node_modules", "typescript", "bin", "tsc"), "--project", output], 1);
    const { script, style } = await bundle();
    fs.mkdirSync(dist, { recursive: true });
    write("report.css", style);
    write("THIRD-PARTY-NOTICES.txt", notices());
    write("report.js", script);
    write(".stamp", wanted);
  } else {
    fs.utimesSync(path.join(dist, "report.js"), new Date(), new Date());
  }
  release();
}

await main().catch((error) => stop(1, error.errors ? error.errors.map((e) => `${e.location?.file}:${e.location?.line}: ${e.text}`).join("\n") : String(error.stack ?? error)));
