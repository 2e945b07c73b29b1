/**
 * The only sizes that images are offered in, as boxes in pixels. An image is scaled down to fit, never up and
 * never cropped, so renditions depend on nothing but its content. `share`, for link previews, is padded with
 * white to its whole box.
 */
export const presets = {
  thumb: { width: 160, height: 160 },
  card: { width: 480, height: 480 },
  detail: { width: 960, height: 960 },
  zoom: { width: 1920, height: 1920 },
  share: { width: 1200, height: 630 },
} as const;

export type Preset = keyof typeof presets;

export const presetNames = Object.keys(presets) as Preset[];

/** Media types of renditions by the ending of their file. */
export const renditionTypes = { webp: "image/webp", jpg: "image/jpeg" } as const;

export type RenditionEnding = keyof typeof renditionTypes;

const endings = Object.keys(renditionTypes) as RenditionEnding[];

/** A rendition's path below `/media/` and in the store. The hash is that of the uploaded file. */
export function renditionPath(
  service: string,
  hash: string,
  preset: Preset,
  ending: RenditionEnding,
): string {
  return `${service}/${hash.slice(0, 2)}/${hash}-${preset}.${ending}`;
}

/** All paths of one image's renditions. */
export function renditionPaths(service: string, hash: string): string[] {
  return presetNames.flatMap((preset) =>
    endings.map((ending) => renditionPath(service, hash, preset, ending)),
  );
}

const pattern = new RegExp(
  `^(?:[a-z][a-z0-9-]{0,39})/([0-9a-f]{2})/\\1[0-9a-f]{62}-(?:${presetNames.join("|")})\\.(webp|jpg)$`,
);

/** The media type of a rendition's path; undefined for any other text. */
export function typeOfRendition(path: string): string | undefined {
  const [, , ending] = pattern.exec(path) ?? [];
  return ending === undefined ? undefined : renditionTypes[ending as RenditionEnding];
}
