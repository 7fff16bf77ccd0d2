// Swagger UI for this service's OpenAPI description. It contacts no external validator.

const DESCRIPTION = new URL("openapi.json", location.href).href;

globalThis.SwaggerUIBundle({
  url: DESCRIPTION,
  responseInterceptor: (response) => (response.ok && response.url === DESCRIPTION ? withServer(response) : response),
  dom_id: "#viewer",
  deepLinking: true,
  validatorUrl: null,
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
});

// Requests go where the description comes from, whatever path a proxy gives it.
function withServer(response) {
  const server = { url: new URL(".", DESCRIPTION).href.replace(/\/$/, "") };
  response.text = JSON.stringify({ ...JSON.parse(response.text), servers: [server] });
  return response;
}
