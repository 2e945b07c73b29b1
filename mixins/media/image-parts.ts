import type { Database, Tx } from "../database/database.ts";
import type { ServiceEnvironment } from "../service/define-service.ts";
import type { TaskQueue } from "../tasks/task-queue.ts";
import { FileRepository } from "./file-repository.ts";
import { ImageRepository } from "./image-repository.ts";
import type { MediaStore } from "./media-store.ts";
import { openMediaStore } from "./open-media-store.ts";
import type { StoredImage } from "../contract/stored-image.ts";
import type { Image } from "./image.ts";
import { WorkFiles } from "./work-files.ts";

/** A kind of things that have images. */
export interface PicturedKind {
  /** Stored with each image: `product`. */
  readonly kind: string;
  /** Most images of one thing. With 1, a new image replaces the old one as soon as it is ready. */
  readonly max: number;
  /**
   * Locks a thing until the transaction ends.
   *
   * @param among merchants whose things are looked among; all things when undefined
   * @returns whether it exists
   */
  readonly lock: (id: string, tx: Tx, among?: readonly string[]) => Promise<boolean>;
  /** Saves a thing's ready images in its own row, and publishes the change. */
  readonly save: (change: ImagesChange, tx: Tx) => Promise<void>;
}

/** The ready images of a thing, in order, before and after a change. */
export interface ImagesChange {
  readonly ownerId: string;
  readonly before: readonly StoredImage[];
  readonly after: readonly StoredImage[];
}

/** What images of a service are made of. */
export interface ImageParts {
  /** The service's name; its files are stored apart from those of others. */
  readonly service: string;
  readonly kinds: readonly PicturedKind[];
  readonly database: Database;
  readonly tasks: TaskQueue;
  readonly images: ImageRepository;
  readonly files: FileRepository;
  /** False where the settings name no store: then every use of it fails. */
  readonly hasStore: boolean;
  readonly store: MediaStore;
  readonly work: WorkFiles;
  readonly limits: { readonly maxBytes: number; readonly maxPixels: number };
  readonly unreferencedMs: number;
}

/** `Images`, as its own task and job see it. */
export interface ImageFinisher {
  readonly parts: ImageParts;
  finish(image: Image, fault: Image["fault"], tx: Tx): Promise<void>;
}

/** Dependencies of the task and the job of a service with images. */
export interface ImageDependencies {
  readonly images: ImageFinisher;
}

export function imageParts(
  service: string,
  { config, database, tasks, log }: ServiceEnvironment,
  kinds: readonly PicturedKind[],
): ImageParts {
  const { media } = config;
  return {
    service,
    kinds,
    database,
    tasks,
    images: new ImageRepository(database),
    files: new FileRepository(database),
    hasStore: media.s3 !== undefined || media.directory !== undefined,
    store: openMediaStore(media, log),
    work: new WorkFiles(media),
    limits: media,
    unreferencedMs: media.unreferencedMs,
  };
}
