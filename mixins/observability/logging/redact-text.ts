const redacted = "[redacted]";

/** Secrets by pattern, with their replacement. */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Passwords in URLs, such as those of servers.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*:[^\s/@]*@/gi, `$1${redacted}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, redacted],
  // Prefixed keys of the shop and of payment providers.
  [/\b(?:sk|rk|pk|whsec)_[\w-]{8,}/g, redacted],
  [/\$(?:argon2\w*|2[aby])\$[\w$,=+/.-]+/g, redacted],
  // Single-use tokens in paths and links.
  [/\b(password-resets|email-verifications)\/[^\s/"'?#]+/g, `$1/${redacted}`],
  // `password=…`, `"token": "…"`, also in a query or in JSON within a text.
  [
    /((?:pass(?:word|phrase|wd)?|secret|token|api[-_]?key|authorization|cookie|totp|cvc|cvv|challenge)["']?\s*[:=]\s*["']?)(?!\[redacted\]|(?:bearer|basic) )[^\s"',;&)}]+/gi,
    `$1${redacted}`,
  ],
  // The shop's own secrets: 32 random bytes in base64url; recovery codes: 80 bits in four groups.
  [/(?<![\w-])[\w-]{43}(?![\w-])/g, redacted],
  [/\b[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b/gi, redacted],
];

const cardLikeNumber = /(?<![\w.-])[3-6]\d(?:[ -]?\d){11,17}(?![\w.-])/g;

/** Redacts secrets that are recognizable by pattern. */
export function redactText(text: string): string {
  let clean = text;
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
  return clean.replace(cardLikeNumber, (digits) => (isCardNumber(digits) ? redacted : digits));
}

/** Luhn check. */
function isCardNumber(digits: string): boolean {
  const numbers = digits.replace(/\D/g, "").split("").map(Number).toReversed();
  const sum = numbers.reduce((total, number, index) => {
    const doubled = index % 2 === 1 ? number * 2 : number;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
