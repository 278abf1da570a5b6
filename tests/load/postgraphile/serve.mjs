// PostGraphile as its own documentation sets it up for production: the Amber preset, no GraphiQL, no watching.
// It connects as the service's role and sets the same labels, here from headers, without checking any token.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const LABELS = ["app.readers", "app.tenant", "app.selves"];

const served = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.JIEBANG_DATABASE,
      schemas: ["public"],
      poolConfig: { max: 10 },
    }),
  ],
  schema: { defaultBehavior: "-insert -update -delete" },
  grafserv: { graphiql: false, watch: false, websockets: false },
  grafast: {
    explain: false,
    context: ({ node }) => ({
      pgSettings: {
        ...Object.fromEntries(LABELS.map((name) => [name, node?.req.headers[name] ?? ""])),
        transaction_read_only: "on",
      },
    }),
  },
}).createServ(grafserv);

const server = createServer();
await served.addTo(server);
await served.ready();
server.listen(Number(process.env.PORT), "127.0.0.1");
