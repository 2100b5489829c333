// The table by state as a map: shapes from Natural Earth, kept with us; a state without a shape stands in a box beside it.
import * as L from "leaflet";
import { feature } from "topojson-client";

const host = document.querySelector("#map");
const boxes = document.querySelector("#map-boxes");
const STEPS = 5;
const REGION = [[-30, 45], [50, 165]];

const rows = new Map(
  [...document.querySelectorAll(`#${host.dataset.table} tr[data-state]`)].map((row) => {
    const cell = row.querySelector("[data-value]");
    return [row.dataset.state, { name: row.dataset.label, value: Number(cell.dataset.value), link: cell.querySelector("a").href }];
  }),
);
const most = Math.max(1, ...[...rows.values()].map((row) => row.value));
const step = (value) => (value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * STEPS)));

function box(row) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  item.className = `step-${step(row.value)}`;
  link.href = row.link;
  link.textContent = String(row.value);
  item.append(row.name, link);
  boxes.append(item);
}

/** A ring that crosses the date line is drawn on one side of it, not across the whole map. */
function mended(shape) {
  const polygons = shape.geometry.type === "Polygon" ? [shape.geometry.coordinates] : shape.geometry.coordinates;
  for (const ring of polygons.flat()) {
    const sides = ring.map(([longitude]) => longitude);
    if (Math.max(...sides) - Math.min(...sides) <= 180) continue;
    for (const point of ring) if (point[0] < 0) point[0] += 360;
  }
  return shape;
}

async function draw() {
  const answer = await fetch(host.dataset.shapes);
  if (!answer.ok) return;
  const world = await answer.json();
  const shapes = feature(world, world.objects.countries);
  shapes.features = shapes.features.filter((shape) => shape.id !== "AQ").map(mended); // Antarctica would take a third of it
  const map = L.map(host, { attributionControl: false, zoomSnap: 0.25, minZoom: 1, keyboard: false });
  const layer = L.geoJSON(shapes, {
    style: (shape) => ({ className: `shape step-${step(rows.get(shape.id)?.value ?? 0)}`, weight: 1 }),
    onEachFeature: (shape, drawn) => {
      const row = rows.get(shape.id);
      if (!row) return;
      const tip = document.createElement("span");
      tip.textContent = `${row.name}: ${row.value}`;
      drawn.bindTooltip(tip, { sticky: true });
      drawn.on("click", () => location.assign(row.link));
    },
  }).addTo(map);
  const counted = layer.getLayers().filter((drawn) => (rows.get(drawn.feature.id)?.value ?? 0) > 0);
  map.fitBounds(counted.length > 0 ? L.featureGroup(counted).getBounds().pad(0.05) : REGION);
  const drawn = new Set(shapes.features.map((shape) => shape.id));
  for (const [state, row] of rows) if (!drawn.has(state)) box(row);
  host.dataset.ready = "1";
}

draw();
