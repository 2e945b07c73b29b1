/** A ready image, as its owner's row keeps it (JSON). */
export interface StoredImage {
  readonly id: string;
  /** SHA-256 of the uploaded file, which names its renditions. */
  readonly hash: string;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly alt: Readonly<Record<string, string>>;
  readonly focalPoint: FocalPoint | null;
}

/** What must stay visible when a client crops; 0 to 1 from the left and the top. */
export interface FocalPoint {
  readonly x: number;
  readonly y: number;
}
