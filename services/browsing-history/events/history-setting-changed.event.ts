import { on } from "../browsing-history.dependencies.ts";

export const historySettingChanged = on(
  "users.history-setting-changed",
  async ({ payload, occurredAt }, tx, { history }) => {
    await history.setRecording(payload.userId, payload.keepsHistory, occurredAt, tx);
  },
);
