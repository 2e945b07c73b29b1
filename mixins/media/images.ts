import { join } from "node:path";
import { difference } from "../contract/changes.ts";
import { ShopError } from "../contract/errors.ts";
import { newId } from "../contract/ids.ts";
import { assertVersion } from "../contract/if-match.ts";
import type { Task as PresentedTask } from "../contract/tasks.ts";
import type { Origin, Tx } from "../database/database.ts";
import { UploadSlots } from "../service/upload-slots.ts";
import { measureImage, ImageFault } from "./image-processor.ts";
import { formatOf, maxPixelsOf } from "./image-type.ts";
import type { ImageFinisher, ImageParts, PicturedKind } from "./image-parts.ts";
import { originalKey } from "./media-store.ts";
import { receiveFile } from "./receive-file.ts";
import { makeRenditions } from "./render-image.task.ts";
import type { Image } from "./image.ts";
import { readyImages } from "./image.ts";

/** The thing whose images are meant. */
export interface PicturedThing {
  readonly kind: string;
  readonly id: string;
  /** Merchants that the caller works for; other merchants' things are not found. */
  readonly among?: readonly string[] | undefined;
}

/** An image file that is stored, and what it measures. */
export type StoredFile = Pick<Image, "hash" | "width" | "height">;

/** Changes by those who manage an image; absent fields stay. */
export interface ImageChanges {
  readonly alt?: Image["alt"] | undefined;
  readonly focalPoint?: Image["focalPoint"] | undefined;
  readonly position?: number | undefined;
  readonly expectedVersion?: number | undefined;
}

/** Uploads go to a disk or a store as they arrive, so that each takes little memory. */
const maxConcurrentUploads = 16;

/** The images of a service's things. Those of one thing change under its lock. */
export class Images implements ImageFinisher {
  readonly parts: ImageParts;
  /** Bounds concurrent uploads to this node. */
  readonly uploads = new UploadSlots(maxConcurrentUploads);

  constructor(parts: ImageParts) {
    this.parts = parts;
  }

  /** All images of a thing, in order. @throws ShopError `not-found` without the thing */
  async list(thing: PicturedThing): Promise<Image[]> {
    const { database, images } = this.parts;
    const kind = this.#kindOf(thing);
    const isThere = () => database.transaction(reading, (tx) => kind.lock(thing.id, tx, thing.among));
    if (thing.among && !(await isThere())) throw new ShopError("not-found");
    const found = await images.ofOwner(kind.kind, thing.id);
    if (found.length === 0 && !(await isThere())) throw new ShopError("not-found");
    return found;
  }

  /**
   * Stores an image as it arrives and queues the task that makes its renditions. Also for tasks that import
   * images: the body is any source of bytes.
   *
   * @param origin on whose behalf the image is added, and the owner of the task
   * @throws ShopError as `uploadErrors` list
   */
  async add(
    thing: PicturedThing,
    body: AsyncIterable<Uint8Array>,
    origin: Origin,
  ): Promise<{ readonly image: Image; readonly position: number; readonly task: PresentedTask }> {
    const { database } = this.parts;
    const kind = this.#kindOf(thing);
    await database.transaction(origin, (tx) => this.#lockWithRoom(kind, thing, tx));
    const file = await this.store(body, origin);
    return database.transaction(origin, (tx) => this.#insert(kind, thing, file, origin, tx));
  }

  /**
   * Stores an image file as it arrives, for `addStored`. A file that nothing has is removed after a time.
   *
   * @throws ShopError as `uploadErrors` list
   */
  async store(body: AsyncIterable<Uint8Array>, origin: Origin): Promise<StoredFile> {
    const { database, files, service, store, work, limits } = this.parts;
    await using directory = await work.create();
    const { path, hash, head } = await receiveFile(body, join(directory.path, "upload"), limits.maxBytes);
    const { width, height } = await measured(path, head, limits.maxPixels);
    // The row first, so that the collector knows the file even if this process ends.
    await database.transaction(origin, (tx) => files.announce(hash, Date.now(), tx));
    await store.put(originalKey(service, hash), path, "application/octet-stream");
    return { hash, width, height };
  }

  /**
   * Adds a stored file as the last image of a thing, unless the thing has it.
   *
   * @returns whether it was added
   * @throws ShopError `not-found`, `limit-reached`
   */
  async addStored(thing: PicturedThing, file: StoredFile, origin: Origin): Promise<boolean> {
    const { database, images } = this.parts;
    const kind = this.#kindOf(thing);
    return database.transaction(origin, async (tx) => {
      if (!(await kind.lock(thing.id, tx, thing.among))) throw new ShopError("not-found");
      const known = await images.ofOwner(kind.kind, thing.id, tx);
      if (known.some(({ hash }) => hash === file.hash)) return false;
      await this.#insert(kind, thing, file, origin, tx);
      return true;
    });
  }

  /** @throws ShopError `not-found`, `precondition-failed` */
  async update(
    thing: PicturedThing,
    id: string,
    changes: ImageChanges,
    origin: Origin,
  ): Promise<[Image, number]> {
    return this.#change(thing, origin, async (before, tx) => {
      const found = before.find((image) => image.id === id);
      if (!found) throw new ShopError("not-found");
      assertVersion(found, changes);
      const { alt = found.alt, focalPoint = found.focalPoint, position } = changes;
      const others = before.filter((image) => image !== found);
      const place = Math.min(position ?? before.indexOf(found), others.length);
      const isSame =
        place === before.indexOf(found) &&
        !difference({ alt: found.alt, focalPoint: found.focalPoint }, { alt, focalPoint });
      if (isSame) return { after: before, result: [found, place] };
      const changed = { ...found, alt, focalPoint, version: found.version + 1, updatedAt: Date.now() };
      const after = others.toSpliced(place, 0, changed);
      await this.parts.images.update(changed, tx);
      await this.parts.images.reorder(
        after.map((image) => image.id),
        tx,
      );
      return { after, result: [changed, place] };
    });
  }

  /** @throws ShopError `not-found` */
  async remove(thing: PicturedThing, id: string, origin: Origin): Promise<void> {
    await this.#change(thing, origin, async (before, tx) => {
      const removed = before.filter((image) => image.id === id);
      if (removed.length === 0) throw new ShopError("not-found");
      await this.#delete(removed, tx);
      return { after: before.filter((image) => image.id !== id), result: undefined };
    });
  }

  /** Removes all images of a thing. @returns false when it had none */
  async removeEach(thing: PicturedThing, origin: Origin): Promise<boolean> {
    return this.#change(thing, origin, async (before, tx) => {
      await this.#delete(before, tx);
      return { after: [], result: before.length > 0 };
    });
  }

  /** Removes all images of a thing that is being removed itself; its row is not written. */
  async removeAll(thing: PicturedThing, tx: Tx): Promise<void> {
    await this.#delete(await this.parts.images.ofOwner(thing.kind, thing.id, tx), tx);
  }

  /**
   * Ends the processing of an image: it is ready or has failed. A ready one replaces the others where a thing
   * has a single one.
   */
  async finish({ id, ownerKind, ownerId, hash }: Image, fault: Image["fault"], tx: Tx): Promise<void> {
    const { images, files } = this.parts;
    const kind = this.#kindOf({ kind: ownerKind });
    if (!(await kind.lock(ownerId, tx))) return;
    const before = await images.ofOwner(ownerKind, ownerId, tx);
    const found = before.find((image) => image.id === id);
    if (!found || found.state !== "processing") return;
    const state = fault === null ? "ready" : "failed";
    const finished = { ...found, state, fault, version: found.version + 1, updatedAt: Date.now() } as const;
    await images.update(finished, tx);
    if (fault !== null) return;
    await files.markReady(hash, tx);
    // Not those that were uploaded later.
    const replaced = kind.max === 1 ? before.slice(0, before.indexOf(found)) : [];
    await this.#delete(replaced, tx);
    const after = before
      .filter((image) => !replaced.includes(image))
      .map((image) => (image.id === id ? finished : image));
    await kind.save({ ownerId, before: readyImages(before), after: readyImages(after) }, tx);
  }

  async #insert(
    kind: PicturedKind,
    thing: PicturedThing,
    file: StoredFile,
    origin: Origin,
    tx: Tx,
  ): Promise<{ image: Image; position: number; task: PresentedTask }> {
    const { images, files, tasks } = this.parts;
    const before = await this.#lockWithRoom(kind, thing, tx);
    const replaced = kind.max === 1 ? before.filter(({ state }) => state !== "ready") : [];
    await this.#delete(replaced, tx);
    const others = before.filter((image) => !replaced.includes(image));
    const now = Date.now();
    const image: Image = {
      ...file,
      id: newId(),
      ownerKind: kind.kind,
      ownerId: thing.id,
      state: "processing",
      fault: null,
      alt: {},
      focalPoint: null,
      position: (others.at(-1)?.position ?? -1) + 1,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await files.refer(file.hash, now, tx);
    await images.insert(image, tx);
    const task = await tasks.enqueue(makeRenditions, { imageId: image.id, hash: file.hash }, origin, tx);
    return { image, position: others.length, task };
  }

  /** Locks a thing that can have one more image. @returns its images */
  async #lockWithRoom(kind: PicturedKind, thing: PicturedThing, tx: Tx): Promise<Image[]> {
    if (!(await kind.lock(thing.id, tx, thing.among))) throw new ShopError("not-found");
    const images = await this.parts.images.ofOwner(kind.kind, thing.id, tx);
    if (kind.max > 1 && images.length >= kind.max)
      throw new ShopError("limit-reached", undefined, { limit: kind.max });
    return images;
  }

  async #delete(removed: readonly Image[], tx: Tx): Promise<void> {
    const { images, files } = this.parts;
    await images.remove(
      removed.map(({ id }) => id),
      tx,
    );
    await files.release(
      removed.map(({ hash }) => hash),
      Date.now(),
      tx,
    );
  }

  /** Changes the images of a thing under its lock, and its row with them. */
  async #change<T>(
    thing: PicturedThing,
    origin: Origin,
    work: (before: readonly Image[], tx: Tx) => Promise<{ after: readonly Image[]; result: T }>,
  ): Promise<T> {
    const { database, images } = this.parts;
    const kind = this.#kindOf(thing);
    return database.transaction(origin, async (tx) => {
      if (!(await kind.lock(thing.id, tx, thing.among))) throw new ShopError("not-found");
      const found = await images.ofOwner(kind.kind, thing.id, tx);
      const { after, result } = await work(found, tx);
      const change = { ownerId: thing.id, before: readyImages(found), after: readyImages(after) };
      if (difference({ images: change.before }, { images: change.after })) await kind.save(change, tx);
      return result;
    });
  }

  #kindOf({ kind: name }: Pick<PicturedThing, "kind">): PicturedKind {
    const kind = this.parts.kinds.find((known) => known.kind === name);
    if (!kind) throw new Error(`no images of ${name} are declared`);
    return kind;
  }
}

const reading: Origin = { actor: { kind: "system", id: "images" }, requestId: "images" };

/** @throws ShopError `unsupported-media-type` or `invalid-image` */
async function measured(path: string, head: Uint8Array, maxPixels: number) {
  const format = formatOf(head);
  if (!format)
    throw new ShopError("unsupported-media-type", "The file is not a JPEG, PNG, WebP, AVIF or GIF image");
  try {
    const size = await measureImage(path, format);
    const limit = maxPixelsOf(format, maxPixels);
    if (size.pixels > limit)
      throw new ShopError("invalid-image", `It has ${size.pixels} pixels`, {
        reason: "too-many-pixels",
        limit,
      });
    return size;
  } catch (error) {
    if (!(error instanceof ImageFault)) throw error;
    throw new ShopError("invalid-image", "The file is damaged", { reason: "damaged" });
  }
}
