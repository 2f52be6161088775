#!/usr/bin/env node
// What `orch` starts: the bundled command, from V8's code cache where the build left one for this very Node.
'use strict';
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  require('./compile.cjs').compile(`${__dirname}/orch.js`).run();
} else {
  console.error(`orch: Node ${process.versions.node} is too old — install Node 20.19 or newer`);
  process.exitCode = 1;
}
