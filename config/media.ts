import { join, resolve } from "node:path";
import type { Env } from "./env.ts";
import { ConfigError } from "./env.ts";

/** Storage and limits of images; see `mixins/media`. */
export interface MediaConfig {
  /** Directory of stored files, shared by all nodes; undefined with S3, or where the cluster has none. */
  readonly directory: string | undefined;
  /** Undefined: files are stored on disk. */
  readonly s3: S3Settings | undefined;
  /** Base of image URLs without a trailing slash; empty: the shop's own address. */
  readonly baseUrl: string;
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** How long an unreferenced file is kept. */
  readonly unreferencedMs: number;
}

export interface S3Settings {
  readonly bucket: string;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Undefined: those that the AWS client finds by itself, such as the machine's role. */
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
}

const mebibyte = 1024 * 1024;
const hour = 3_600_000;

/** @throws ConfigError when S3 lacks its bucket */
export function mediaConfig(env: Env): MediaConfig {
  const { MEDIA_STORE, MEDIA_DIRECTORY, MEDIA_BASE_URL, DATA_DIR, SHOP_SHAPE } = env;
  const ownDirectory = SHOP_SHAPE === "embedded" ? join(resolve(DATA_DIR), "media") : undefined;
  return {
    directory: MEDIA_DIRECTORY === undefined ? ownDirectory : resolve(MEDIA_DIRECTORY),
    s3: MEDIA_STORE === "s3" ? s3Settings(env) : undefined,
    baseUrl: MEDIA_BASE_URL?.replace(/\/+$/, "") ?? "",
    maxBytes: env.MEDIA_MAX_MIB * mebibyte,
    maxPixels: env.MEDIA_MAX_MEGAPIXELS * 1_000_000,
    unreferencedMs: env.MEDIA_UNREFERENCED_HOURS * hour,
  };
}

function s3Settings(env: Env): S3Settings {
  if (env.MEDIA_BUCKET === undefined)
    throw new ConfigError("bad setting: MEDIA_BUCKET is required when MEDIA_STORE=s3");
  return {
    bucket: env.MEDIA_BUCKET,
    endpoint: env.MEDIA_BUCKET_ENDPOINT,
    region: env.MEDIA_BUCKET_REGION,
    accessKeyId: env.MEDIA_BUCKET_KEY_ID,
    secretAccessKey: env.MEDIA_BUCKET_SECRET,
  };
}
