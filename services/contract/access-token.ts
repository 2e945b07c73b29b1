/** What the users service puts into access tokens and the gateway demands of them (RFC 8725, RFC 9068). */
export const accessTokenAlgorithm = "EdDSA";
export const accessTokenIssuer = "shopserver";
export const accessTokenAudience = "shopserver-api";
