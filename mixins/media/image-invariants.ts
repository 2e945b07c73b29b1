import type { Invariant } from "../database/invariant.ts";
import { notListed } from "../database/invariant.ts";

/** Invariants of images and their files. */
export const imageInvariants: readonly Invariant[] = [
  {
    code: "images.files",
    says: "Every image has a file, which is rendered when the image is ready",
    subject: { table: "images", key: "id" },
    broken: `SELECT i.id AS imageId, i.owner_kind AS ownerKind, i.owner_id AS ownerId, i.state
             FROM images i LEFT JOIN media_files f ON f.hash = i.hash
             WHERE {page i.id} AND (f.hash IS NULL OR f.state = 'removing' OR (i.state = 'ready' AND f.state <> 'ready')
               OR ${notListed("i.state", ["processing", "ready", "failed"])} OR NOT JSON_VALID(i.alt))`,
  },
  {
    code: "images.references",
    says: "Every file counts the images that refer to it",
    subject: { table: "media_files", key: "hash" },
    broken: `SELECT t.* FROM (
               SELECT f.hash, f.reference_count AS counted,
                 (SELECT COUNT(*) FROM images i WHERE i.hash = f.hash) AS referring
               FROM media_files f WHERE {page f.hash}
             ) t WHERE t.counted <> t.referring`,
  },
];
