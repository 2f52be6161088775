// Runs the command given after the bundle's path, and keeps the code V8 compiled for it as that bundle's code cache.
'use strict';
const { writeFileSync } = require('node:fs');

const [file, ...args] = process.argv.splice(2);
const { cacheOf, compile } = require(`${require('node:path').dirname(file)}/compile.cjs`);

process.argv.push(...args);
const { script, run } = compile(file);
process.on('exit', (code) => {
  if (code === 0) writeFileSync(cacheOf(file), script.createCachedData());
});
run();
