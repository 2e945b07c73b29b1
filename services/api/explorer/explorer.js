/* oxlint-disable typescript/no-unsafe-assignment -- it runs in the browser, whose types are not here */
// Starts Swagger UI, and takes over the access token of a login, so that all further calls are made as that user.

const scheme = "bearer";
const hint = document.getElementById("hint");

const howToLogIn =
  "To log in: open POST /api/v1/auth/login below, press Try it out, fill in e-mail and password, press Execute. " +
  "From then on every call carries your token. No account yet? POST /api/v1/auth/register first.";

function show(text) {
  hint.textContent = text;
}

function takeOver(response) {
  const path = new URL(response.url, location.href).pathname;
  const tokens = response.ok ? accessTokenIn(response) : undefined;
  if (tokens) {
    ui.preauthorizeApiKey(scheme, tokens.accessToken);
    ui.authActions.persistAuthorizationIfNeeded();
    const minutes = Math.round(tokens.expiresIn / 60);
    show(
      `Logged in as ${tokens.user.email} (${tokens.user.role}). The token is good for ${minutes} minutes.`,
    );
  } else if (response.ok && path.endsWith("/auth/logout")) {
    ui.authActions.logoutWithPersistOption([scheme]);
    show(`Logged out. ${howToLogIn}`);
  } else if (response.status === 401 && response.headers["www-authenticate"]?.includes("invalid_token")) {
    ui.authActions.logoutWithPersistOption([scheme]);
    show(`Your token has expired or was revoked. ${howToLogIn}`);
  }
  return response;
}

function accessTokenIn(response) {
  try {
    const body = JSON.parse(response.text);
    return typeof body.accessToken === "string" ? body : undefined;
  } catch {
    return undefined;
  }
}

const ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#explorer",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  validatorUrl: null,
  responseInterceptor: takeOver,
});
show(howToLogIn);
