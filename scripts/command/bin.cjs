#!/usr/bin/env node
// What `orch` starts: the bundled command, from V8's code cache where the build left one for this very Node.
'use strict';
const { compile } = require('./compile.js');

compile(`${__dirname}/orch.js`).run();
