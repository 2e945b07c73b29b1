import { writeFileSync } from "node:fs";
import sharp from "sharp";

/**
 * The only code that decodes uploaded files, in a process of its own: it runs libvips on hostile input. Only
 * the accepted formats have a loader here; SVG, PDF, TIFF and others cannot be read at all.
 *
 * @typedef {import("./image-processor.ts").ImageJob} ImageJob
 * @typedef {import("./image-processor.ts").ImageOutput} ImageOutput
 */

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: [
    "VipsForeignLoadJpegFile",
    "VipsForeignLoadPngFile",
    "VipsForeignLoadWebpFile",
    "VipsForeignLoadHeifFile",
    "VipsForeignLoadNsgifFile",
  ],
});
// Where memory runs out, Linux ends this process and not the shop's.
if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");

/**
 * Faults of the file reject as the decoder's message, a text; anything else rejects as an error.
 *
 * @param {ImageJob} job
 * @returns {Promise<ImageOutput>}
 */
export default async function work(job) {
  try {
    return await (job.kind === "measure" ? measure(job) : job.kind === "decode" ? decode(job) : render(job));
  } catch (error) {
    if (job.kind === "render") throw error;
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** @param {string} path @param {number} maxPixels */
function open(path, maxPixels) {
  // One page: animations are shown by their first image.
  return sharp(path, { failOn: "warning", limitInputPixels: maxPixels, sequentialRead: true, pages: 1 });
}

/**
 * Reads the header.
 *
 * @param {Extract<ImageJob, { kind: "measure" }>} job
 */
async function measure({ path }) {
  const { width, height, format, autoOrient } = await sharp(path, {
    limitInputPixels: false,
    pages: 1,
  }).metadata();
  return {
    format,
    pixels: width * height,
    width: autoOrient.width,
    height: autoOrient.height,
  };
}

/**
 * Decodes all of an untrusted file once and writes it as a plain image: upright, in sRGB, without metadata.
 *
 * @param {Extract<ImageJob, { kind: "decode" }>} job
 */
async function decode({ path, to, maxPixels, box, timeoutSeconds }) {
  await open(path, maxPixels)
    .timeout({ seconds: timeoutSeconds })
    .autoOrient()
    .resize({ ...box, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .png({ compressionLevel: 1 })
    .toFile(to);
  return {};
}

/**
 * Writes one rendition of a decoded image in both formats.
 *
 * @param {Extract<ImageJob, { kind: "render" }>} job
 */
async function render({ path, box, padded, webp, jpg }) {
  const image = sharp(path).resize({
    ...box,
    fit: padded ? "contain" : "inside",
    background: "white",
    withoutEnlargement: !padded,
  });
  if (padded) image.flatten({ background: "white" });
  await image.clone().webp({ quality: 80, effort: 4 }).toFile(webp);
  // JPEG has no transparency.
  await image.clone().flatten({ background: "white" }).jpeg({ quality: 82, mozjpeg: true }).toFile(jpg);
  return {};
}
