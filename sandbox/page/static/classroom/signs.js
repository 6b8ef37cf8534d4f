/** The classroom's own icons, drawn like the others of the page. */

import { svg } from "../dom.js";

const PATHS = {
  run: ["M6.5 4.5v11l9-5.5z"],
  stop: ["M6.500 4.500v11", "M13.500 4.500v11"],
  again: ["M15.5 10a5.500 5.500 0 1 1-1.7-4", "M15.500 3.500V7H12"],
  laptop: ["M4.500 5h11v8h-11z", "M2.500 15.500h15"],
  phone: ["M6.500 3h7v14h-7z", "M9.500 14.500h1"],
  tablet: ["M4.500 3h11v14h-11z", "M9.500 14.500h1"],
  telephone: ["M5 3.500h2.500l1.200 3.300-1.600 1.200a9 9 0 0 0 4.400 4.400l1.200-1.600 3.300 1.200v2.500c0 .8-.7 1.500-1.500 1.500A12 12 0 0 1 3.500 5c0-.8.7-1.500 1.500-1.500z"],
  door: ["M6 3h8v14H6z", "M11.500 10h.01"],
  lost: ["M4 4l12 12", "M3 8.500a11 11 0 0 1 3-1.800", "M10 5.500c2.700 0 5.200 1.100 7 3", "M6.500 11.800a5 5 0 0 1 3-1.300", "M10 15h.01"],
  screen: ["M3 4.500h14v9H3z", "M7.500 16.500h5"],
  group: ["M4 4h5v5H4z", "M11 4h5v5h-5z", "M4 11h5v5H4z", "M11 11h5v5h-5z"],
  outside: ["M3.500 9.500 10 4l6.500 5.500", "M5.500 8v8h9V8"],
  waiting: ["M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13z", "M10 6.500V10l2.500 1.500"],
  plus: ["M10 4.500v11", "M4.500 10h11"],
};

/** One of them; never read aloud. */
export function sign(name, props = {}) {
  const drawn = svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", ...props });
  for (const path of PATHS[name] ?? PATHS.laptop) {
    drawn.append(svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  }
  return drawn;
}
