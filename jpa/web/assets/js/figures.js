// Charts of figures, each drawn from the table beside it: what the table says is what the chart shows.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const HEIGHT = 300;
const MOST_NAMES = 16;
const LINES = ["dotted", "dashed", "solid"];
const css = () => getComputedStyle(document.documentElement);
const colour = (name) => css().getPropertyValue(`--${name}`).trim();
const COLOURS = ["person", "account", "good", "phone", "organisation", "vessel", "place", "event"];

/** Read the figures out of a table: a series for each column that names one, a category for each row. */
function read(table) {
  const names = [...table.querySelectorAll("thead [data-series]")].map((head) => head.dataset.series);
  const rows = [...table.querySelectorAll("tbody tr[data-label]")];
  return {
    categories: rows.map((row) => row.dataset.label),
    series: names.map((name, n) => ({ name, values: rows.map((row) => Number(row.querySelectorAll("[data-value]")[n].dataset.value)) })),
  };
}

function optionOf(figure) {
  const { categories, series } = read(document.getElementById(figure.dataset.table));
  const text = { color: colour("text"), fontFamily: "Noto Sans jpa, Noto Sans, sans-serif", fontSize: 12 };
  const curve = figure.dataset.chart === "curve";
  const pairs = curve || series.every((one) => one.name.includes(", "));
  return {
    animation: false,
    backgroundColor: colour("card"),
    textStyle: text,
    aria: { enabled: true, decal: { show: !curve }, label: { description: `${figure.dataset.title}. ${spoken(categories, series)}` } },
    color: series.map((_, n) => colour(COLOURS[(pairs ? Math.floor(n / 2) : n) % COLOURS.length])),
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colour("card"), borderColor: colour("line"), textStyle: text },
    legend: { type: "plain", top: 0, textStyle: text, itemHeight: 10, itemWidth: 22 },
    grid: { left: 8, right: 16, top: 24 + 18 * Math.ceil(series.length / 2), bottom: 8, containLabel: true },
    xAxis: { type: "category", data: categories, axisLabel: { color: colour("muted"), hideOverlap: true, ...slanted(categories, curve) }, axisLine: { lineStyle: { color: colour("muted") } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("muted") }, splitLine: { lineStyle: { color: colour("line") } } },
    series: series.map(({ name, values }, n) => drawn(name, values, { curve, pairs, n })),
  };
}

/** Write every name of a short list, slanted where they would not fit side by side. */
function slanted(categories, curve) {
  if (curve || categories.length > MOST_NAMES) return {};
  const wide = categories.reduce((sum, name) => sum + name.length, 0) > 48;
  return { interval: 0, hideOverlap: false, rotate: wide ? 30 : 0, width: 110, overflow: "truncate" };
}

function drawn(name, values, { curve, pairs, n }) {
  const inside = pairs && n % 2 === 0;
  if (!curve) return { type: "bar", name, data: values, barMaxWidth: 28, itemStyle: { opacity: inside ? 0.6 : 1 } };
  const dash = LINES[Math.floor(n / 2) % LINES.length];
  return { type: "line", name, data: values, symbol: "none", step: "end", lineStyle: { type: dash, width: inside ? 1.2 : 2.4, opacity: inside ? 0.7 : 1 } };
}

const spoken = (categories, series) => series.map(({ name, values }) => `${name}: ${values.length ? `${values.at(-1)} at ${categories.at(-1)}, highest ${Math.max(...values)}` : "nothing"}`).join("; ");

function save(name, address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** Paint the SVG at twice its size, for slides and letters. */
async function png(address, width) {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = HEIGHT * 2;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn link";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function show(figure) {
  const plot = document.createElement("div");
  plot.className = "plot";
  const saves = document.createElement("p");
  saves.className = "saves";
  figure.append(plot, saves);
  figure.hidden = false;
  const chart = echarts.init(plot, null, { renderer: "svg", height: HEIGHT });
  const draw = () => chart.setOption(optionOf(figure), { notMerge: true });
  const name = figure.dataset.title.replaceAll(/[^\w.-]+/g, "-");
  const svg = () => chart.getDataURL({ type: "svg" });
  saves.append(
    button(figure.dataset.svg, () => save(`${name}.svg`, svg())),
    button(figure.dataset.png, async () => save(`${name}.png`, await png(svg(), chart.getWidth()))),
  );
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => chart.resize({ height: HEIGHT })).observe(plot);
  figure.dataset.ready = "1";
}

for (const figure of document.querySelectorAll("[data-chart]")) show(figure);
