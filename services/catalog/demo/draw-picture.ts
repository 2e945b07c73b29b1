import type { DemoShape } from "./demo-kind.ts";

export interface DemoPicture {
  readonly shape: DemoShape;
  /** Slug; its products have similar backgrounds. */
  readonly department: string;
  /** The first value of the option. */
  readonly colour: string | undefined;
  /** Distinguishes pictures of the same shape. */
  readonly seed: number;
}

/** Hues of the backgrounds, in degrees. */
const hues: Readonly<Record<string, number>> = {
  phones: 215,
  computers: 195,
  "household-appliances": 175,
  "home-and-living": 35,
  "mens-clothing": 225,
  "womens-clothing": 345,
  shoes: 20,
  beauty: 325,
  food: 90,
  books: 45,
  cars: 205,
  gifts: 300,
  health: 150,
  "mother-and-child": 55,
};

const paints: Readonly<Record<string, string>> = {
  black: "#33363d",
  white: "#f4f3ef",
  silver: "#c3c8ce",
  grey: "#8d949c",
  blue: "#4a7fc1",
  navy: "#2e4268",
  green: "#5c9270",
  olive: "#7c8150",
  red: "#c5504c",
  pink: "#e2a0b2",
  terracotta: "#c9704b",
  sand: "#d9c4a0",
  cream: "#f0e6cd",
  brown: "#85603f",
};

/** Draws a product as SVG, without text: fonts differ between machines. */
export function drawPicture({ shape, department, colour = "", seed }: DemoPicture): string {
  const hue = (hues[department] ?? 0) + (seed % 25) - 12;
  const paint = paints[colour] ?? `hsl(${(hue + 150 + (seed % 7) * 12) % 360}, 42%, 58%)`;
  const scale = 0.94 + (seed % 9) / 60;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640" viewBox="0 0 400 400">
<defs>
<linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="hsl(${hue}, 45%, 96%)"/><stop offset="1" stop-color="hsl(${hue}, 38%, 86%)"/></linearGradient>
<linearGradient id="light" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".18"/></linearGradient>
<radialGradient id="shade"><stop offset="0" stop-color="#000" stop-opacity=".28"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient>
</defs>
<rect width="400" height="400" fill="url(#wall)"/>
<rect y="300" width="400" height="100" fill="hsl(${hue}, 30%, 80%)" opacity=".55"/>
<ellipse cx="200" cy="326" rx="130" ry="16" fill="url(#shade)"/>
<g transform="translate(200 200) scale(${scale.toFixed(3)}) translate(-200 -200)" stroke-linejoin="round" stroke-linecap="round">${shapes[
    shape
  ](paint)}</g>
</svg>`;
}

/** Draws a merchant's logo as SVG: a shape on a disc. */
export function drawLogo({ shape, hue }: { readonly shape: DemoShape; readonly hue: number }): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 400 400">
<defs><linearGradient id="light" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset="1" stop-color="#000" stop-opacity=".18"/></linearGradient></defs>
<rect width="400" height="400" fill="hsl(${hue}, 40%, 95%)"/>
<circle cx="200" cy="200" r="184" fill="hsl(${hue}, 45%, 34%)"/>
<circle cx="200" cy="200" r="168" fill="none" stroke="hsl(${hue}, 60%, 85%)" stroke-width="6"/>
<g transform="translate(200 200) scale(.72) translate(-200 -200)" stroke-linejoin="round" stroke-linecap="round">${shapes[
    shape
  ](`hsl(${hue}, 55%, 78%)`)}</g>
</svg>`;
}

const dark = "#2b2e35";
const pale = "#fbfaf7";

/** A form in a colour, lit from the upper left. */
function lit(form: string, paint: string): string {
  return `${form.replace("/>", ` fill="${paint}"/>`)}${form.replace("/>", ' fill="url(#light)"/>')}`;
}

function rect(x: number, y: number, width: number, height: number, rounded: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${rounded}"/>`;
}

function circle(cx: number, cy: number, r: number): string {
  return `<circle cx="${cx}" cy="${cy}" r="${r}"/>`;
}

function path(d: string): string {
  return `<path d="${d}"/>`;
}

function line(d: string, colour: string, width: number): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
}

function plain(form: string, paint: string): string {
  return form.replace("/>", ` fill="${paint}"/>`);
}

/** Each stands on the line y = 325. */
const shapes: Readonly<Record<DemoShape, (paint: string) => string>> = {
  phone: (paint) =>
    lit(rect(138, 75, 124, 250, 20), paint) +
    plain(rect(147, 88, 106, 224, 10), dark) +
    plain(rect(147, 88, 106, 224, 10), "hsl(215, 55%, 60%)").replace("/>", ' opacity=".55"/>') +
    plain(circle(200, 98, 4), dark) +
    plain(
      path("M147 250 l40 -44 30 30 20 -18 16 16 v68 a10 10 0 0 1 -10 10 h-86 a10 10 0 0 1 -10 -10z"),
      "#ffffff55",
    ),
  earbuds: (paint) =>
    lit(rect(110, 205, 180, 120, 46), paint) +
    line("M112 248 h176", "#00000033", 4) +
    lit(path("M145 195 c-30 -10 -30 -60 5 -62 c30 -2 38 26 30 44 l-6 62 h-18z"), pale) +
    lit(path("M255 195 c30 -10 30 -60 -5 -62 c-30 -2 -38 26 -30 44 l6 62 h18z"), pale) +
    plain(circle(200, 285, 5), pale),
  watch: (paint) =>
    lit(path("M162 70 h76 l8 60 h-92z"), paint) +
    lit(path("M154 265 h92 l-8 60 h-76z"), paint) +
    lit(rect(132, 122, 136, 152, 36), dark) +
    plain(rect(146, 136, 108, 124, 24), "#10151c") +
    line("M200 198 V158 M200 198 l26 18", pale, 6) +
    plain(rect(268, 182, 10, 32, 4), dark),
  laptop: (paint) =>
    lit(rect(95, 110, 210, 146, 12), paint) +
    plain(rect(106, 121, 188, 124, 4), "hsl(205, 50%, 62%)") +
    plain(path("M106 220 l56 -52 46 40 30 -24 56 50 v11 h-188z"), "#ffffff66") +
    lit(path("M80 258 h240 l26 58 a8 8 0 0 1 -8 9 h-276 a8 8 0 0 1 -8 -9z"), paint) +
    line("M92 274 h216 M86 288 h228 M80 302 h240", "#00000026", 5),
  monitor: (paint) =>
    lit(rect(65, 90, 270, 170, 12), dark) +
    plain(rect(75, 100, 250, 150, 4), "hsl(200, 50%, 60%)") +
    plain(path("M75 220 l80 -70 60 50 40 -30 70 60 v20 h-250z"), "#ffffff66") +
    lit(path("M182 260 h36 l8 52 h-52z"), paint) +
    lit(rect(140, 310, 120, 15, 7), paint),
  box: (paint) =>
    lit(path("M90 175 l110 -50 110 50 v100 l-110 50 -110 -50z"), paint) +
    plain(path("M90 175 l110 48 110 -48 -110 -50z"), "#ffffff40") +
    plain(path("M200 223 v102 l110 -50 v-100z"), "#00000022") +
    line("M145 150 l110 49 v36", "#ffffff88", 8),
  appliance: (paint) =>
    lit(rect(110, 75, 180, 250, 14), paint) +
    line("M110 122 h180", "#00000026", 4) +
    plain(circle(262, 99, 9), dark) +
    plain(rect(130, 92, 70, 14, 7), "#00000033") +
    plain(circle(200, 222, 66), "#ffffff88") +
    plain(circle(200, 222, 52), "hsl(205, 35%, 45%)") +
    plain(path("M150 232 q25 -22 50 0 t50 0 q-8 42 -50 42 t-50 -42z"), "#ffffff66"),
  pot: (paint) =>
    lit(path("M105 205 h190 v70 a50 50 0 0 1 -50 50 h-90 a50 50 0 0 1 -50 -50z"), paint) +
    lit(path("M98 205 a102 46 0 0 1 204 0z"), paint) +
    line("M98 205 h204", "#00000033", 6) +
    lit(circle(200, 152, 13), dark) +
    line("M105 232 h-28 v26 h28 M295 232 h28 v26 h-28", dark, 10),
  lamp: (paint) =>
    lit(path("M150 90 h100 l46 110 h-192z"), paint) +
    plain(path("M104 200 h192 l22 60 h-236z"), "#fff3c455") +
    lit(rect(193, 200, 14, 105, 6), dark) +
    lit(rect(150, 303, 100, 22, 11), dark),
  cushion: (paint) =>
    lit(path("M95 150 q105 -30 210 0 q24 85 0 170 q-105 20 -210 0 q-24 -85 0 -170z"), paint) +
    line("M118 172 q82 -22 164 0 M112 300 q88 16 176 0", "#ffffff77", 5) +
    line("M200 158 v152", "#00000018", 4),
  shirt: (paint) =>
    lit(path("M155 95 l-75 40 22 62 34 -14 v142 h128 v-142 l34 14 22 -62 -75 -40 q-45 40 -90 0z"), paint) +
    line("M155 95 q45 46 90 0", "#00000033", 6) +
    line("M200 128 v190", "#00000022", 3) +
    [160, 195, 230, 265].map((y) => plain(circle(208, y, 4), pale)).join(""),
  trousers: (paint) =>
    lit(path("M135 85 h130 l18 240 h-62 l-21 -150 -21 150 h-62z"), paint) +
    line("M133 108 h134", "#00000033", 5) +
    line("M200 108 v60", "#00000033", 4) +
    line("M148 116 q4 26 28 30 M252 116 q-4 26 -28 30", "#ffffff66", 4),
  dress: (paint) =>
    lit(path("M162 75 l-12 60 22 50 -72 140 h200 l-72 -140 22 -50 -12 -60 q-14 30 -38 30 t-38 -30z"), paint) +
    line("M172 185 h56", "#00000040", 8) +
    line("M178 200 l-24 118 M222 200 l24 118 M200 200 v120", "#ffffff44", 4),
  bag: (paint) =>
    line("M150 165 v-30 a50 50 0 0 1 100 0 v30", dark, 11) +
    lit(path("M108 160 h184 l18 165 h-220z"), paint) +
    line("M100 222 h200", "#00000022", 5) +
    plain(rect(178, 206, 44, 34, 6), "#ffffff99"),
  shoe: (paint) =>
    lit(path("M78 225 q8 -42 40 -38 l40 22 q26 12 54 34 l76 22 q32 8 34 40 h-244z"), paint) +
    lit(path("M72 302 h252 q0 23 -20 23 h-216 q-16 0 -16 -23z"), pale) +
    line("M160 214 l-16 22 M186 230 l-16 22 M212 246 l-14 20", pale, 7),
  boot: (paint) =>
    lit(path("M120 85 h96 v130 l72 36 q30 14 30 54 h-198z"), paint) +
    lit(path("M114 302 h208 v15 a8 8 0 0 1 -8 8 h-192 a8 8 0 0 1 -8 -8z"), dark) +
    line("M120 112 h96", "#00000033", 6) +
    line("M196 140 l22 8 M196 166 l22 8 M196 192 l26 10", pale, 6),
  bottle: (paint) =>
    lit(rect(176, 75, 48, 44, 6), dark) +
    lit(
      path(
        "M182 117 h36 v26 q42 14 42 56 v106 a20 20 0 0 1 -20 20 h-80 a20 20 0 0 1 -20 -20 v-106 q0 -42 42 -56z",
      ),
      paint,
    ) +
    plain(rect(154, 212, 92, 70, 6), "#ffffffcc") +
    line("M170 234 h60 M170 252 h40", "#00000044", 5),
  jar: (paint) =>
    lit(rect(120, 135, 160, 46, 10), dark) +
    lit(
      path(
        "M128 181 h144 q18 14 18 40 v80 a24 24 0 0 1 -24 24 h-132 a24 24 0 0 1 -24 -24 v-80 q0 -26 18 -40z",
      ),
      paint,
    ) +
    plain(rect(140, 222, 120, 64, 8), "#ffffffcc") +
    line("M160 244 h80 M160 262 h50", "#00000044", 5),
  tube: (paint) =>
    lit(rect(168, 200, 64, 125, 8), dark) +
    lit(rect(176, 170, 48, 34, 3), "#d8c27c") +
    lit(path("M180 170 v-66 q2 -18 40 -30 v96z"), paint),
  book: (paint) =>
    plain(path("M122 312 l156 0 12 13 h-156 a16 16 0 0 1 -12 -13z"), pale) +
    lit(path("M122 90 a16 16 0 0 1 16 -16 h140 v238 h-140 a16 16 0 0 0 -16 14z"), paint) +
    line("M140 76 v236", "#00000033", 5) +
    plain(rect(164, 110, 92, 54, 4), "#ffffffcc") +
    plain(circle(210, 240, 30), "#ffffff55") +
    line("M178 128 h64 M178 144 h44", "#00000055", 5),
  wheel: (paint) =>
    lit(circle(200, 200, 125), dark) +
    plain(circle(200, 200, 78), "#c3c8ce") +
    lit(circle(200, 200, 68), paint) +
    [0, 72, 144, 216, 288]
      .map(
        (turn) =>
          `<rect x="192" y="134" width="16" height="60" rx="6" fill="#f4f3ef" transform="rotate(${turn} 200 200)"/>`,
      )
      .join("") +
    plain(circle(200, 200, 16), dark),
  car: (paint) =>
    lit(
      path("M55 262 q4 -44 48 -50 l40 -52 q10 -14 30 -14 h66 q22 0 36 18 l34 46 q46 8 46 52 v24 h-300z"),
      paint,
    ) +
    plain(path("M136 212 l28 -40 q6 -8 16 -8 h16 v48z M208 164 h30 q12 0 20 10 l26 38 h-76z"), "#dfe9f1") +
    [120, 282].map((x) => plain(circle(x, 290, 35), dark) + plain(circle(x, 290, 16), "#c3c8ce")).join(""),
  bear: (paint) =>
    lit(circle(148, 105, 28), paint) +
    lit(circle(252, 105, 28), paint) +
    lit(`<ellipse cx="200" cy="262" rx="76" ry="64"/>`, paint) +
    lit(circle(200, 155, 70), paint) +
    plain(`<ellipse cx="200" cy="180" rx="32" ry="25"/>`, "#ffffff99") +
    plain(circle(174, 143, 8), dark) +
    plain(circle(226, 143, 8), dark) +
    plain(`<ellipse cx="200" cy="170" rx="11" ry="8"/>`, dark) +
    plain(`<ellipse cx="200" cy="272" rx="42" ry="38"/>`, "#ffffff55"),
  flower: (paint) =>
    line("M200 240 V150 M200 240 L150 160 M200 240 L250 160", "#4d7a50", 7) +
    [
      [200, 125],
      [145, 145],
      [255, 145],
    ]
      .map(
        ([x = 0, y = 0]) =>
          [0, 60, 120, 180, 240, 300]
            .map(
              (turn) =>
                `<ellipse cx="${x}" cy="${y - 22}" rx="13" ry="20" fill="${paint}" transform="rotate(${turn} ${x} ${y})"/>`,
            )
            .join("") + plain(circle(x, y, 13), "#e9b949"),
      )
      .join("") +
    lit(path("M140 232 h120 l-18 93 h-84z"), "#c9704b"),
  pram: (paint) =>
    line("M292 190 l42 -44", dark, 9) +
    lit(path("M98 190 a102 102 0 0 1 102 -102 v102z"), paint) +
    lit(path("M98 196 h200 q0 74 -74 74 h-52 q-74 0 -74 -74z"), paint) +
    line("M150 100 q20 40 16 90", "#ffffff66", 5) +
    [150, 248].map((x) => plain(circle(x, 297, 28), dark) + plain(circle(x, 297, 11), pale)).join(""),
};
