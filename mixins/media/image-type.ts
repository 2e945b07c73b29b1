/** Formats that are accepted, with their media types. */
export const imageTypes = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  gif: "image/gif",
} as const;

export type ImageFormat = keyof typeof imageTypes;

/** The limit of a format on its pixels: to decode AVIF takes three times the memory of any other. */
export function maxPixelsOf(format: ImageFormat, maxPixels: number): number {
  return format === "avif" ? Math.floor(maxPixels / 3) : maxPixels;
}

/** Number of leading bytes that `formatOf` needs. */
export const signatureBytes = 32;

/**
 * The format that a file's first bytes announce; its name and the media type that the client sent are not
 * consulted. Whether the rest is an image of that format is for the decoder to say.
 */
export function formatOf(head: Uint8Array): ImageFormat | undefined {
  const text = Buffer.from(head.subarray(0, signatureBytes)).toString("latin1");
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(text)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(text)) return "webp";
  // An ISO base media file whose major or first compatible brands are AVIF's.
  if (/^[^]{4}ftyp(?:avif|avis|mif1[^]{4}(?:[^]{4}){0,3}avif)/.test(text)) return "avif";
  return undefined;
}
