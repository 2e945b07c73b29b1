import { WorkerPool } from "../support/worker-pool.ts";
import type { ImageFormat } from "./image-type.ts";
import type { Preset } from "./presets.ts";
import { presets } from "./presets.ts";

interface Box {
  readonly width: number;
  readonly height: number;
}

/** A job of `image-worker.js`. */
export type ImageJob =
  | { readonly kind: "measure"; readonly path: string }
  | {
      readonly kind: "decode";
      readonly path: string;
      readonly to: string;
      readonly maxPixels: number;
      readonly box: Box;
      readonly timeoutSeconds: number;
    }
  | {
      readonly kind: "render";
      readonly path: string;
      readonly box: Box;
      readonly padded: boolean;
      readonly webp: string;
      readonly jpg: string;
    };

/** What it returns: measures, nothing, or why the file cannot be decoded. */
export type ImageOutput = Partial<Measures> & { readonly fault?: string };

interface Measures extends Box {
  readonly format: string;
  readonly pixels: number;
}

/** The file is not an image that can be decoded. */
export class ImageFault extends Error {
  override name = "ImageFault";
}

/** Longer decoding is taken for an attack. */
const decodingTimeoutSeconds = 60;
/** A decoder that hangs does not even notice that. */
const jobTimeoutMs = 90_000;

const program = new URL("image-worker.js", import.meta.url);
const options = { maxWorkers: 1, niceIncrement: 10, isolation: "process", jobTimeoutMs } as const;
/** Apart from decoding, so that an upload does not wait for it. */
const measuring = new WorkerPool<ImageJob, ImageOutput>(program, options);
/** One image at a time: decoding may take as many bytes as `maxPixels` times eight. */
const decoding = new WorkerPool<ImageJob, ImageOutput>(program, options);

/**
 * Size of an image by its header.
 *
 * @returns `width` and `height` as shown, `pixels` as stored
 * @throws ImageFault
 */
export async function measureImage(path: string, format: ImageFormat): Promise<Box & { pixels: number }> {
  const {
    fault,
    format: found,
    width = 0,
    height = 0,
    pixels = 0,
  } = await measuring.run({
    kind: "measure",
    path,
  });
  if (fault !== undefined) throw new ImageFault(fault);
  if (found !== (format === "avif" ? "heif" : format)) throw new ImageFault(`it is ${found}, not ${format}`);
  return { width, height, pixels };
}

/**
 * Decodes an untrusted image and writes it without metadata, upright, and no larger than renditions need it.
 *
 * @param to path of the PNG file that is written
 * @throws ImageFault
 */
export async function decodeImage(path: string, to: string, maxPixels: number): Promise<void> {
  const { width, height } = presets.zoom;
  const { fault } = await decoding.run({
    kind: "decode",
    path,
    to,
    maxPixels,
    box: { width, height },
    timeoutSeconds: decodingTimeoutSeconds,
  });
  if (fault !== undefined) throw new ImageFault(fault);
}

/** Writes a preset of a decoded image in both formats. */
export async function renderImage(
  path: string,
  preset: Preset,
  to: { readonly webp: string; readonly jpg: string },
): Promise<void> {
  await decoding.run({ kind: "render", path, box: presets[preset], padded: preset === "share", ...to });
}
