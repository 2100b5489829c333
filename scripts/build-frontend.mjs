// Builds the front end into jpa/web/static: hashed names, one manifest, nothing from outside at run time.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const out = "jpa/web/static";
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });
const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const ext = extname(name);
  const file = `${basename(name, ext)}.${hash}${ext}`;
  writeFileSync(join(out, file), content);
  manifest[name] = file;
}

// Fonts: subsets of Noto Sans, loaded by the browser only where a page shows the script (unicode-range).
const scripts = [
  ["noto-sans", "latin", "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215"],
  ["noto-sans", "latin-ext", "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0,U+2C60-2C7F,U+A720-A7FF"],
  ["noto-sans", "vietnamese", "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB"],
  ["noto-sans", "devanagari", "U+0900-097F,U+1CD0-1CF9,U+200C-200D,U+20A8,U+20B9,U+A830-A839,U+A8E0-A8FF"],
  ["noto-sans-bengali", "bengali", "U+0951-0952,U+0964-0965,U+0980-09FE,U+1CD0,U+1CD2,U+200C-200D,U+20B9"],
  ["noto-sans-myanmar", "myanmar", "U+1000-109F,U+200C-200D,U+A92E,U+A9E0-A9FE,U+AA60-AA7F"],
  ["noto-sans-thai", "thai", "U+0E01-0E5B,U+200C-200D,U+25CC"],
  ["noto-sans-arabic", "arabic", "U+0600-06FF,U+0750-077F,U+0870-088E,U+0890-0891,U+0897-08E1,U+08E3-08FF,U+200C-200E,U+2010-2011,U+FB50-FDFF,U+FE70-FEFC"],
];
let faces = "";
const fonts = [];
for (const [family, subset, range] of scripts) {
  for (const weight of [400, 700]) {
    const file = `${family}-${subset}-${weight}-normal.woff2`;
    copyFileSync(`node_modules/@fontsource/${family}/files/${file}`, join(out, "fonts", file));
    faces += `@font-face{font-family:"Noto Sans jpa";font-style:normal;font-display:swap;font-weight:${weight};src:url("fonts/${file}") format("woff2");unicode-range:${range}}\n`;
    fonts.push({ file, weight: String(weight), range });
  }
}

const style = sass.compile("jpa/web/assets/app.scss", {
  loadPaths: ["node_modules"],
  style: "compressed",
  quietDeps: true,
  logger: sass.Logger.silent,
});
emit("app.css", faces + style.css);

// The offline viewer lies in one file: our own part of the sheet, the script as no module, and which fonts a package may need.
const own = style.css.indexOf(":root{color-scheme");
if (own < 0) throw new Error("our own part of app.scss does not begin with :root { color-scheme");
const offline = sass.compile("jpa/web/assets/viewer.scss", { style: "compressed", charset: false });
emit("viewer.css", style.css.slice(own) + offline.css);
emit("fonts.json", JSON.stringify(fonts));
const viewer = await esbuild.build({
  entryPoints: ["jpa/web/assets/js/viewer/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  write: false,
});
emit("viewer.js", viewer.outputFiles[0].contents);

// Scripts that listen on the document run before the page is drawn; modules, after it was read.
const early = ["app", "outcomes"];
for (const name of [...early, "entry", "chart", "figures", "map"]) {
  const built = await esbuild.build({
    entryPoints: [`jpa/web/assets/js/${name}.js`],
    bundle: true,
    minify: true,
    format: early.includes(name) ? "iife" : "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  emit(`${name}.js`, built.outputFiles[0].contents);
}

// The map: Leaflet's sheet, and the world's shapes under the codes that the figures use.
const map = await esbuild.build({
  entryPoints: ["node_modules/leaflet/dist/leaflet.css"],
  bundle: true,
  minify: true,
  loader: { ".png": "dataurl" },
  write: false,
});
emit("map.css", map.outputFiles[0].contents);
const world = JSON.parse(readFileSync("node_modules/world-atlas/countries-50m.json"));
const numeric = JSON.parse(readFileSync("jpa/web/assets/iso-numeric.json"));
const codes = Object.fromEntries(Object.entries(numeric).map(([alpha, number]) => [number, alpha]));
for (const shape of world.objects.countries.geometries) {
  shape.id = codes[shape.id]; // none where no code is agreed: it is drawn, and never counted for
  delete shape.properties;
}
delete world.objects.land;
emit("shapes.json", JSON.stringify(world));
emit("kinds.svg", readFileSync("jpa/web/assets/kinds.svg"));
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
