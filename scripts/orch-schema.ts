// Prints the JSON schema of orch.yml; scripts/build.mjs keeps it as dist/orch.schema.json.
import { configSchema } from '../src/config/config-shape.js';

process.stdout.write(`${JSON.stringify(configSchema(), undefined, 2)}\n`);
