import type { StoredImage } from "../contract/stored-image.ts";

/** An image of any state. Times are milliseconds since 1970 (UTC). */
export interface Image extends StoredImage {
  readonly ownerKind: string;
  readonly ownerId: string;
  readonly state: "processing" | "ready" | "failed";
  readonly fault: ImageFaultCode | null;
  /** Order among the owner's images; gaps are possible. */
  readonly position: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Why the renditions of an image could not be made. */
export type ImageFaultCode = "damaged" | "abandoned";

/** The ready ones of an owner's images, as its row keeps them. */
export function readyImages(images: readonly Image[]): StoredImage[] {
  return images
    .filter(({ state }) => state === "ready")
    .map(({ id, hash, width, height, alt, focalPoint }) => ({ id, hash, width, height, alt, focalPoint }));
}
