// Swagger UI for this service's OpenAPI description. It contacts no external validator.

const DESCRIPTION = new URL("openapi.json", location.href).href;

globalThis.SwaggerUIBundle({
  url: DESCRIPTION,
  responseInterceptor: (response) => (response.ok && response.url === DESCRIPTION ? adapted(response) : response),
  dom_id: "#viewer",
  deepLinking: true,
  validatorUrl: null,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});

// Requests go where the description comes from, whatever path a proxy gives it. A padlock stands only where a key is
// needed, and not where one may be sent.
function adapted(response) {
  const description = JSON.parse(response.text);
  description.servers = [{ url: new URL(".", DESCRIPTION).href.replace(/\/$/, "") }];
  for (const operation of Object.values(description.paths).flatMap((path) => Object.values(path))) {
    if (operation.security?.some((scheme) => !Object.keys(scheme).length)) delete operation.security;
  }
  response.text = JSON.stringify(description);
  return response;
}
