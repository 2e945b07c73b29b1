/** Kinds of messages to phones. */
export const messageKinds = ["phone-verification", "login-code"] as const;

export type MessageKind = (typeof messageKinds)[number];

/** What a message says besides its code. No words of a client: anyone can request one for a stranger's number. */
export function messageText(
  kind: MessageKind,
  { shop, code, minutes }: Record<"shop" | "code" | "minutes", string>,
) {
  const use = kind === "login-code" ? "to log in to" : "to confirm your number at";
  return `${code} is your code ${use} ${shop}. It is valid for ${minutes} minutes. Never tell it to anyone.`;
}
