#!/usr/bin/env bash
# Makes src/gracja/report/static/plot.min.js: the marks of Observable Plot that the report draws, in one file.
# Needs node and npm. The versions are pinned here; run it again after changing them and commit the result.
set -euo pipefail

PLOT=0.6.17
ESBUILD=0.28.2
target="$(cd "$(dirname "$0")/.." && pwd)/src/gracja/report/static/plot.min.js"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init --yes >/dev/null
npm install --no-audit --no-fund --save-exact "@observablehq/plot@$PLOT" "esbuild@$ESBUILD" >/dev/null

cat >marks.js <<'JS'
export { plot, dot, ruleX, ruleY, text, tickX, tickY, line } from "@observablehq/plot";
JS

cat >bundle.mjs <<'JS'
import { readFile, readdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";

// Plot puts a <style> into every picture. The report forbids inline styles (CSP), so report.css has these
// five rules and the element is left out. A new version of Plot that writes it otherwise stops here.
const styleless = {
  name: "styleless",
  setup({ onLoad }) {
    onLoad({ filter: /plot[\\/]src[\\/]plot\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const pattern = /\s*\.call\(\(svg\) =>\s*\/\/ Warning: if you edit this[\s\S]*?svg\.append\("style"\)\.text\([\s\S]*?`\s*\)\s*\)/g;
      if ((source.match(pattern) ?? []).length !== 1) throw new Error("plot.js no longer looks as expected");
      return { contents: source.replace(pattern, ""), loader: "js" };
    });
  },
};

const built = await build({
  entryPoints: ["marks.js"], bundle: true, minify: true, format: "iife", globalName: "Plot", target: "es2020",
  legalComments: "none", charset: "ascii", metafile: true, write: false, plugins: [styleless],
});
const code = built.outputFiles[0].text.trimEnd();
if (/<\/script|<!--/i.test(code)) throw new Error("the bundle cannot stand inside a <script> element");

const used = new Set();
for (const [path, { bytesInOutput }] of Object.entries(Object.values(built.metafile.outputs)[0].inputs)) {
  if (bytesInOutput === 0) continue;
  const found = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) used.add(found[1]);
}
const notices = [];
for (const name of [...used].sort()) {
  const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  const file = (await readdir(`node_modules/${name}`)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = await readFile(`node_modules/${name}/${file}`, "utf8");
  notices.push({ name: `${name} ${about.version}`, licence: about.license, text: text.trim().replaceAll("*/", "* /") });
}
const groups = new Map();
for (const { name, licence, text } of notices) {
  const owner = text.match(/^Copyright.*$/m)?.[0] ?? "";
  const body = text.replace(/^.*\blicen[cs]e\b.*\n+/i, "").replace(/^Copyright.*\n+/m, "").replace(/\s+/g, " ").trim();
  const group = groups.get(body) ?? groups.set(body, { licence, names: [] }).get(body);
  group.names.push(`   ${name}: ${owner}`);
}
const banner = [...groups].map(([body, { licence, names }]) => `${licence}\n${names.join("\n")}\n${body}`).join("\n\n");
await writeFile(process.argv[2], `/*! Observable Plot and what it uses, bundled.\n\n${banner}\n*/\n${code}\n`);
JS
node bundle.mjs "$target"
wc -c "$target"
