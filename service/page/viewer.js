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

// Requests go to the origin and path of the description, also under a path of a proxy. A padlock is shown only if a key
// is required, and not if it is optional.
function adapted(response) {
  const description = JSON.parse(response.text);
  description.servers = [{ url: new URL(".", DESCRIPTION).href.replace(/\/$/, "") }];
  for (const operation of Object.values(description.paths).flatMap((path) => Object.values(path))) {
    if (operation.security?.some((scheme) => !Object.keys(scheme).length)) delete operation.security;
  }
  response.text = JSON.stringify(description);
  return response;
}
