// Makes the files of this folder from the packages in package.json. Needs Node 20 and npm.
//
//     node static/vendor/vendor.mjs
//
// The exact packages of package-lock.json are installed into a temporary folder, without running
// their scripts; the results, their licences and MANIFEST.json are written here and committed, so
// that neither running nor testing the product needs Node. To take a newer version, change
// package.json, run `npm install --package-lock-only` in this folder, then this script.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
// ES2019 and nothing newer: the web views of older phones' apps must be able to read it.
const TARGET = "es2019";

/** Installs the locked packages into a fresh folder and returns its path. */
function install() {
  const folder = mkdtempSync(join(tmpdir(), "vendor-"));
  for (const name of ["package.json", "package-lock.json", ".npmrc", "charts.entry.mjs"]) {
    cpSync(join(HERE, name), join(folder, name));
  }
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: "inherit" });
  return folder;
}

/** The text of a package's file without the pointer to a source map that is not shipped. */
function withoutSourceMap(file) {
  return readFileSync(file, "utf8").replace(/\n?(\/\*|\/\/)# sourceMappingURL=[^\n]*/g, "").trimEnd() + "\n";
}

/** One bundled and minified script. */
function bundle(esbuild, entry, options) {
  const built = esbuild.buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    target: TARGET,
    legalComments: "inline",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
    ...options,
  });
  return built.outputFiles[0].text;
}

/** One SVG with a symbol for each name in icons.txt, drawn in the colour of the text around it. */
function sprite(icons) {
  const names = readFileSync(join(HERE, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(icons, `${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
    const drawn = shapes.replace(/<path stroke="none"[^>]*\/>/, "").replace(/\s*\n\s*/g, "");
    const pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${pen}>${drawn}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

/** What is shipped: file → the package it comes from, what is inside besides, and how to make its text. */
function recipes(folder) {
  const packages = join(folder, "node_modules");
  const esbuild = createRequire(join(folder, "package.json"))("esbuild");
  return {
    "bootstrap.min.css": {
      from: "bootstrap",
      text: () => withoutSourceMap(join(packages, "bootstrap/dist/css/bootstrap.min.css")),
    },
    "bootstrap.bundle.min.js": {
      from: "bootstrap",
      contains: ["@popperjs/core"],
      text: () => withoutSourceMap(join(packages, "bootstrap/dist/js/bootstrap.bundle.min.js")),
    },
    "htmx.min.js": {
      from: "htmx.org",
      text: () => bundle(esbuild, join(packages, "htmx.org/dist/htmx.esm.js"), { format: "iife" }),
    },
    "echarts.min.js": {
      from: "echarts",
      contains: ["zrender", "tslib"],
      text: () => bundle(esbuild, join(folder, "charts.entry.mjs"), { format: "iife", globalName: "echarts" }),
    },
    "icons.svg": { from: "@tabler/icons", text: () => sprite(join(packages, "@tabler/icons/icons/outline")) },
    "axe.min.js": {
      from: "axe-core",
      testsOnly: true,
      text: () => withoutSourceMap(join(packages, "axe-core/axe.min.js")),
    },
  };
}

/** Copies a package's licence (and notice) texts and returns their names. */
function copyLicences(folder, name) {
  const wanted = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE-3RD-PARTY.txt", "NOTICE"];
  const label = name.replace("@", "").replace("/", "-");
  const copied = [];
  for (const file of wanted) {
    const target = `licences/${label}.${file.replace(/\.(md|txt)$/, "")}.txt`;
    try {
      cpSync(join(folder, "node_modules", name, file), join(HERE, target));
      copied.push(target);
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
  }
  if (copied.length === 0) throw new Error(`${name} comes without a licence text`);
  return copied;
}

/** Name, version, licence and licence texts of an installed package. */
function origin(folder, name) {
  const { version, license } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
  return { name, version, licence: license, texts: copyLicences(folder, name) };
}

/** Writes one file and returns its line for the manifest. */
function ship(folder, file, { from, contains = [], testsOnly = false, text }) {
  const bytes = Buffer.from(text());
  writeFileSync(join(HERE, file), bytes);
  return {
    file,
    ...origin(folder, from),
    contains: contains.map((name) => origin(folder, name)),
    tests_only: testsOnly,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    gzip_bytes: gzipSync(bytes, { level: 9 }).length,
  };
}

const folder = install();
try {
  rmSync(join(HERE, "licences"), { recursive: true, force: true });
  mkdirSync(join(HERE, "licences"));
  const shipped = Object.entries(recipes(folder)).map(([file, recipe]) => ship(folder, file, recipe));
  writeFileSync(join(HERE, "MANIFEST.json"), JSON.stringify(shipped, null, 2) + "\n");
  for (const { file, version, gzip_bytes: size } of shipped) console.log(`${file}  ${version}  ${size} bytes gzipped`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
