import { crc32, deflateSync } from "node:zlib";
import type { Sharp } from "sharp";
import sharp from "sharp";

/** Photographs' metadata with a place, as cameras write it. */
const exif = {
  IFD0: { Copyright: "Someone", Software: "Camera 1.0" },
  IFD3: {
    GPSLatitudeRef: "N",
    GPSLatitude: "51/1 30/1 0/1",
    GPSLongitudeRef: "W",
    GPSLongitude: "0/1 7/1 0/1",
  },
};

/** A picture whose left half is red and whose right half is blue. */
export function redAndBlue(width: number, height: number): Sharp {
  const half = { width: Math.floor(width / 2), height, channels: 3, background: "#0000ff" } as const;
  return sharp({ create: { width, height, channels: 3, background: "#ff0000" } }).composite([
    { input: { create: half }, left: width - half.width, top: 0 },
  ]);
}

/** A JPEG with a place in its metadata; `orientation` as EXIF says it. */
export function photograph(width: number, height: number, orientation = 1): Promise<Buffer> {
  return redAndBlue(width, height)
    .jpeg({ quality: 95 })
    .withExif(exif)
    .withMetadata({ orientation })
    .toBuffer();
}

/** A PNG of zeros of any size: black, one bit a pixel. */
export function blackPng(width: number, height: number, rows = height): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const line = 1 + Math.ceil(width / 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.alloc(line * rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><script>alert(1)</script></svg>`;
const html = "<html><script>alert(1)</script></html>";

/** What becomes of a file: the problem, its reason, or the final state of the image. */
type Fate = "ready" | "failed" | readonly [status: number, code: string, reason?: string];

export interface HostileFile {
  readonly what: string;
  readonly file: () => Promise<Buffer> | Buffer;
  readonly fate: Fate;
}

const notAnImage = [415, "unsupported-media-type"] as const;
const damaged = [422, "invalid-image", "damaged"] as const;
const tooManyPixels = [422, "invalid-image", "too-many-pixels"] as const;

/** Files that people and attackers send, with what becomes of them. */
export const hostileFiles: readonly HostileFile[] = [
  {
    what: "PNG bomb of 30000 × 30000 pixels",
    file: () => blackPng(30_000, 30_000, 1000),
    fate: tooManyPixels,
  },
  { what: "PNG that claims 2³¹ − 1 × 1 pixels", file: () => blackPng(2 ** 31 - 1, 1, 0), fate: damaged },
  { what: "PNG with less rows than it claims", file: () => blackPng(2000, 2000, 100), fate: "failed" },
  {
    what: "JPEG followed by HTML",
    file: async () => Buffer.concat([await photograph(60, 40), Buffer.from(html)]),
    fate: "ready",
  },
  {
    what: "GIF that is also JavaScript",
    file: () => Buffer.from(`GIF89a/*${"\0".repeat(40)}*/=1;alert(1)`),
    fate: damaged,
  },
  { what: "SVG with a script", file: () => Buffer.from(svg), fate: notAnImage },
  { what: "HTML", file: () => Buffer.from(html), fate: notAnImage },
  { what: "PDF", file: () => Buffer.from("%PDF-1.7\n1 0 obj"), fate: notAnImage },
  { what: "TIFF", file: () => redAndBlue(40, 40).tiff().toBuffer(), fate: notAnImage },
  {
    what: "JPEG that is cut in the middle",
    file: async () => cut(await noise(400, 400).jpeg().toBuffer()),
    fate: "failed",
  },
  {
    what: "WebP that is cut in the middle",
    file: async () => cut(await noise(400, 400).webp().toBuffer()),
    fate: damaged,
  },
  {
    what: "AVIF that is cut in the middle",
    file: async () => cut(await noise(200, 200).avif().toBuffer()),
    fate: "failed",
  },
  {
    what: "first bytes of a JPEG and nothing else",
    file: () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    fate: damaged,
  },
  { what: "nothing", file: () => Buffer.alloc(0), fate: [400, "malformed-request"] },
  {
    what: "CMYK JPEG",
    file: () => redAndBlue(60, 40).toColourspace("cmyk").jpeg().toBuffer(),
    fate: "ready",
  },
  {
    what: "PNG of 16 bits with transparency",
    file: () => redAndBlue(60, 40).ensureAlpha(0.5).toColourspace("rgb16").png().toBuffer(),
    fate: "ready",
  },
  { what: "animated GIF", file: async () => (await animation()).gif().toBuffer(), fate: "ready" },
  { what: "animated WebP", file: async () => (await animation()).webp().toBuffer(), fate: "ready" },
  { what: "AVIF", file: () => redAndBlue(60, 40).avif().toBuffer(), fate: "ready" },
  { what: "one pixel", file: () => redAndBlue(2, 1).resize(1, 1).png().toBuffer(), fate: "ready" },
];

function cut(whole: Buffer): Buffer {
  return whole.subarray(0, Math.floor(whole.length / 2));
}

function noise(width: number, height: number): Sharp {
  const noisy = { type: "gaussian", mean: 128, sigma: 30 } as const;
  return sharp({ create: { width, height, channels: 3, background: "#808080", noise: noisy } });
}

/** Three frames: red, green, blue. */
async function animation(): Promise<Sharp> {
  const frames = ["#ff0000", "#00ff00", "#0000ff"].map((background) =>
    sharp({ create: { width: 40, height: 40, channels: 3, background } })
      .png()
      .toBuffer(),
  );
  return sharp(await Promise.all(frames), { join: { animated: true } });
}
