import { z } from "zod";
import { localeTag, maxLocales } from "../../config/locales.ts";
import type { Access, Route } from "../contract/contract.ts";
import { action } from "../contract/contract.ts";
import { expectedVersion, text, timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { task } from "../contract/tasks.ts";
import { imageTypes } from "./image-type.ts";
import type { Preset } from "./presets.ts";
import { presets } from "./presets.ts";

const rendition = z.strictObject({ webp: z.string(), jpeg: z.string() });
const preset = (name: Preset) =>
  rendition.describe(`At most ${presets[name].width} × ${presets[name].height} pixels`);
const summaryUrls = { thumb: preset("thumb"), card: preset("card") };
const urls = z.strictObject({
  ...summaryUrls,
  detail: preset("detail"),
  zoom: preset("zoom"),
  share: rendition.describe("1200 × 630 pixels, padded with white, for link previews"),
});

const alt = z.string().describe("Text for those who do not see the image; empty when there is none");
const altByLocale = z
  .record(z.string().regex(localeTag, "must be a language tag such as en or zh-CN"), text(300))
  .refine((texts) => Object.keys(texts).length <= maxLocales, `must have at most ${maxLocales} languages`)
  .meta({ maxProperties: maxLocales })
  .describe("Text for those who do not see the image, by language tag, the default's included");
const share = z.number().min(0).max(1);
const focalPoint = z
  .strictObject({ x: share, y: share })
  .nullable()
  .describe("What must stay visible when the image is cropped: 0 to 1 from the left and the top");

/** A ready image. Its URLs never change their content, so that they may be cached for ever. */
export const image = z
  .strictObject({
    id,
    width: z.int().describe("Of the original, upright"),
    height: z.int(),
    alt,
    focalPoint,
    urls,
  })
  .meta({ id: "Image" });

/** A ready image in lists. */
export const imageSummary = z
  .strictObject({ alt, focalPoint, urls: z.strictObject(summaryUrls) })
  .meta({ id: "ImageSummary" });

/** An image in any state, for those who manage it. */
export const imageDetails = z
  .strictObject({
    ...image.shape,
    alt: altByLocale,
    position: z.int().describe("From 0"),
    state: z.enum(["processing", "ready", "failed"]),
    fault: z
      .enum(["damaged", "abandoned"])
      .nullable()
      .describe("Why it failed: the file cannot be decoded, or its processing did not end. Upload it again"),
    urls: urls.nullable().describe("null until it is ready"),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: "ImageDetails" });

/** Media types that uploads may claim; the content decides. */
const uploadTypes = ["application/octet-stream", ...Object.values(imageTypes)] as const;
/** The largest setting of `MEDIA_MAX_MIB`. */
const maxBytes = 64 * 1024 * 1024;

/** What differs between the images of one thing and another. */
export interface ImagesDeclaration<A extends Access> {
  /** The pictured thing in the words of the shop: `product`. */
  readonly item: string;
  /** Path of the pictured thing's list: `/products`. */
  readonly path: `/${string}`;
  /** Where the service's tasks are: `/tasks`. */
  readonly tasks: `/${string}`;
  readonly access: A;
}

/** Params of an action that `uploadRoute` routes. */
export const newImage = { mediaType: z.enum(uploadTypes) };
const add = {
  params: z.strictObject({ id, ...newImage }),
  result: z.strictObject({ image: imageDetails, task }),
};
const one = z.strictObject({ ownerId: id, id });
const update = z.strictObject({
  ...one.shape,
  alt: altByLocale.optional(),
  focalPoint: focalPoint.optional(),
  position: z.int().min(0).max(99).optional().describe("The others move; the last place when greater"),
  expectedVersion,
});
const list = { params: z.strictObject({ id }), result: z.strictObject({ items: z.array(imageDetails) }) };

export const uploadErrors = [
  "not-found",
  "limit-reached",
  "payload-too-large",
  "unsupported-media-type",
  "invalid-image",
] as const;

/** Route of an action that takes an image as its body. */
export function uploadRoute(route: Pick<Route, "method" | "path">, tasks: string): Route {
  return {
    ...route,
    status: 202,
    location: `${tasks as "/"}/{task.id}`,
    upload: { mediaTypes: uploadTypes, maxBytes, mediaTypeParam: "mediaType" },
  };
}

/** Milliseconds that an upload may take. */
export const uploadTimeoutMs = 5 * 60_000;

function actionsOf<const A extends Access>({ item, path, tasks, access }: ImagesDeclaration<A>) {
  const ofOwner = `${path}/{id}/images` as const;
  const ofImage = `${path}/{ownerId}/images/{id}` as const;
  return {
    list: action({
      summary: `All images of a ${item}, in order, also those in work`,
      access,
      route: { method: "GET", path: ofOwner },
      ...list,
      errors: ["not-found"],
      idempotent: true,
      reads: "primary",
    }),
    add: action({
      summary: `Add an image to a ${item}`,
      description: `Send the file as the body: JPEG, PNG, WebP, AVIF or GIF, recognized by its content. Metadata is removed, the orientation of cameras applied, an animation reduced to its first image. A task makes the renditions; then the ${item} has the image.`,
      access,
      route: uploadRoute({ method: "POST", path: ofOwner }, tasks),
      ...add,
      errors: uploadErrors,
      idempotent: false,
      timeout: uploadTimeoutMs,
    }),
    update: action({
      summary: `Change an image of a ${item}: its texts, focal point or place`,
      access,
      route: { method: "PATCH", path: ofImage, headers: { expectedVersion: "If-Match" } },
      params: update,
      result: imageDetails,
      errors: ["not-found", "precondition-failed"],
      idempotent: true,
    }),
    remove: action({
      summary: `Remove an image from a ${item}`,
      access,
      route: { method: "DELETE", path: ofImage },
      params: one,
      result: z.null(),
      errors: ["not-found"],
      idempotent: true,
    }),
  };
}

type Named<N extends string, A> = { [K in keyof A & string as `${N}.images.${K}`]: A[K] };

/**
 * Actions for the images of a service's things, for its contract: `...imageActions("products", { … })` declares
 * `products.images.list`, `.add`, `.update` and `.remove`. `imageHandlers` implements them.
 */
export function imageActions<const N extends string, const A extends Access>(
  name: N,
  declaration: ImagesDeclaration<A>,
): Named<N, ReturnType<typeof actionsOf<A>>> {
  const actions = Object.entries(actionsOf(declaration));
  return Object.fromEntries(
    actions.map(([key, declared]) => [`${name}.images.${key}`, declared]),
  ) as unknown as Named<N, ReturnType<typeof actionsOf<A>>>;
}
