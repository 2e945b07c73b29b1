/** Claims that the users service sets in access tokens and the gateway verifies (RFC 8725, RFC 9068). */
export const accessTokenAlgorithm = "EdDSA";
export const accessTokenIssuer = "shopserver";
export const accessTokenAudience = "shopserver-api";
