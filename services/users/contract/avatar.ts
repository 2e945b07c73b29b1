import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../../../mixins/contract/tasks.ts";
import {
  imageDetails,
  newImage,
  uploadErrors,
  uploadRoute,
  uploadTimeoutMs,
} from "../../../mixins/media/contract.ts";

/** The user's own picture. */
export const avatarActions = {
  "me.avatar.set": action({
    summary: "Set your picture",
    description:
      "Send the file as the body: JPEG, PNG, WebP, AVIF or GIF, recognized by its content. Metadata, such as the place, is removed. A task makes the renditions; then it replaces the picture before.",
    access: "signed-in",
    route: uploadRoute({ method: "PUT", path: "/me/avatar" }, "/me/tasks"),
    params: z.strictObject({ mediaType: newImage.mediaType }),
    result: z.strictObject({ image: imageDetails, task }),
    errors: uploadErrors,
    idempotent: true,
    timeout: uploadTimeoutMs,
  }),
  "me.avatar.remove": action({
    summary: "Remove your picture",
    access: "signed-in",
    route: { method: "DELETE", path: "/me/avatar" },
    params: z.strictObject({}),
    result: z.null(),
    errors: ["not-found"],
    idempotent: true,
  }),
  ...taskActions("/me/tasks", "users:read"),
};

export const taskEvents = { "task-queued": taskQueued, "task-cancelled": taskCancelled };
