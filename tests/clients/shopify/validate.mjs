// Does Shopify's own library take what our sender signs? A request a line on standard input,
// {"secret", "headers", "body"}; what it says of each on standard output.
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  const shopify = shopifyApi({
    apiKey: "nurture", apiSecretKey: secret, apiVersion: ApiVersion.July26 ?? "2026-07",
    hostName: "nurture.example", isEmbeddedApp: false, logger: { log: () => {} },
  });
  const rawRequest = { method: "POST", url: "/v1/hooks/shopify/harbour", headers };
  const said = await shopify.webhooks.validate({ rawBody: body, rawRequest });
  console.log(JSON.stringify({ valid: said.valid, reason: said.reason, topic: said.topic,
    type: said.webhookType }));
}
