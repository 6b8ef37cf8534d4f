/** data_visualization: pie, bar, line and area as drawings, each with its numbers in words beneath. */

import { h, svg } from "../dom.js";

const COLOURS = 6;
const WIDTH = 480;
const HEIGHT = 220;
const LEFT = 44;
const BOTTOM = 34;
const TOP = 10;

const colour = (place) => `var(--chart-${(place % COLOURS) + 1})`;
const format = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** The whole block: title, drawing, legend, and the numbers for who cannot see it. */
export function chart(block) {
  const { chart: held } = block;
  const isPie = held.type === "pie";
  const draw = CHARTS[held.type];
  if (!draw) return h("div", { class: "unknown" }, `unknown chart: ${held.type}`);
  const names = isPie
    ? held.segments.map(({ label, value }) => `${label} (${format.format(value)})`)
    : held.series.map(({ name }) => name);
  return h(
    "figure",
    { class: `chart chart-${held.type}` },
    h("figcaption", { dir: "auto" }, block.title),
    svg(
      "svg",
      {
        viewBox: isPie ? "0 0 200 200" : `0 0 ${WIDTH} ${HEIGHT}`,
        role: "img",
        "aria-label": `${block.title}: ${inWords(held)}`,
      },
      draw(held),
    ),
    h(
      "ul",
      { class: "legend" },
      names.map((name, place) => h("li", { dir: "auto" }, h("i", { style: { background: colour(place) } }), name)),
    ),
  );
}

function inWords(held) {
  if (held.type === "pie")
    return held.segments.map(({ label, value }) => `${label} ${format.format(value)}`).join(", ");
  return held.series
    .map(
      ({ name, data }) => `${name}: ${data.map(({ label, value }) => `${label} ${format.format(value)}`).join(", ")}`,
    )
    .join("; ");
}

function pie({ segments }) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let turned = 0;
  return segments.map(({ label, value }, place) => {
    const share = value / total;
    const from = turned;
    turned += share;
    const title = svg("title", {}, `${label}: ${format.format(value)}`);
    if (share > 0.9999) return svg("circle", { cx: 100, cy: 100, r: 90, fill: colour(place) }, title);
    const [x1, y1] = onCircle(from);
    const [x2, y2] = onCircle(turned);
    return svg(
      "path",
      {
        d: `M100 100 L${x1} ${y1} A90 90 0 ${share > 0.5 ? 1 : 0} 1 ${x2} ${y2}Z`,
        fill: colour(place),
        class: "slice",
      },
      title,
    );
  });
}

const onCircle = (share) =>
  [100 + 90 * Math.sin(share * 2 * Math.PI), 100 - 90 * Math.cos(share * 2 * Math.PI)].map((n) => n.toFixed(2));

/** The frame of the other three: a scale of round numbers, the categories, and where a value stands. */
function axes({ series, axis_config: { categories, x_label: below, y_label: beside } }) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const step = roundStep((Math.max(0, ...values) - Math.min(0, ...values)) / 4 || 1);
  const low = Math.floor(Math.min(0, ...values) / step) * step;
  const high = Math.ceil(Math.max(0, ...values) / step) * step || step;
  const bottom = HEIGHT - BOTTOM - (below ? 14 : 0);
  const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
  const width = (WIDTH - LEFT - 8) / categories.length;
  const x = (place) => LEFT + width * (place + 0.5);
  const lines = [];
  for (let value = low; value <= high + step / 2; value += step) {
    lines.push(
      svg("line", { x1: LEFT, x2: WIDTH - 8, y1: y(value), y2: y(value), class: "grid" }),
      svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, format.format(value)),
    );
  }
  const every = Math.ceil(categories.length / 10);
  const marks = categories.map((name, place) =>
    place % every ? null : svg("text", { x: x(place), y: bottom + 16, "text-anchor": "middle" }, name),
  );
  const titles = [
    below && svg("text", { x: (WIDTH + LEFT) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "axis" }, below),
    beside &&
      svg(
        "text",
        {
          x: 10,
          y: (bottom + TOP) / 2,
          "text-anchor": "middle",
          class: "axis",
          transform: `rotate(-90 10 ${(bottom + TOP) / 2})`,
        },
        beside,
      ),
  ];
  const point = ({ data }, name) => data.find(({ label }) => label === name)?.value ?? 0;
  return { x, y, width, zero: y(0), categories, series, point, drawn: [...lines, ...marks, ...titles] };
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
}

function bars(held) {
  const { x, y, width, zero, categories, series, point, drawn } = axes(held);
  const thick = Math.min(36, (width * 0.7) / series.length);
  return [
    ...drawn,
    ...series.flatMap((one, number) =>
      categories.map((name, place) => {
        const value = point(one, name);
        const left = x(place) - (thick * series.length) / 2 + thick * number;
        return svg(
          "rect",
          {
            x: left,
            y: Math.min(zero, y(value)),
            width: Math.max(1, thick - 2),
            height: Math.max(1, Math.abs(zero - y(value))),
            rx: 2,
            fill: colour(number),
          },
          svg("title", {}, `${one.name}, ${name}: ${format.format(value)}`),
        );
      }),
    ),
  ];
}

function lines(held, isFilled) {
  const { x, y, zero, categories, series, point, drawn } = axes(held);
  return [
    ...drawn,
    ...series.flatMap((one, number) => {
      const spots = categories.map((name, place) => [x(place), y(point(one, name))]);
      const path = spots
        .map(([left, top], place) => `${place ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`)
        .join("");
      const area = `${path}L${spots.at(-1)[0]} ${zero}L${spots[0][0]} ${zero}Z`;
      return [
        isFilled && svg("path", { d: area, fill: colour(number), "fill-opacity": 0.25 }),
        svg("path", { d: path, fill: "none", stroke: colour(number), "stroke-width": 2 }),
        ...spots.map(([cx, cy], place) =>
          svg(
            "circle",
            { cx, cy, r: 3, fill: colour(number) },
            svg("title", {}, `${one.name}, ${categories[place]}: ${format.format(point(one, categories[place]))}`),
          ),
        ),
      ];
    }),
  ];
}

const CHARTS = { pie, bar: bars, line: (held) => lines(held, false), area: (held) => lines(held, true) };
