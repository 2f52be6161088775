#!/usr/bin/env node
// What `orch` starts: the bundled command, whose compiled code is kept in the user's cache folder from the first start on.
'use strict';
const { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } = require('node:fs');
const module_ = require('node:module');
const { basename, dirname, isAbsolute, join, sep } = require('node:path');

/** Of the bundle, put in by the build. */
const BUNDLE_HASH = 'BUNDLE_HASH';
/** Folders of compiled code that are kept: one for each version of orch and of Node, a megabyte each. */
const KEPT_FOLDERS = 8;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  keepCompiledCode();
  require(join(__dirname, 'orch.js'));
} else {
  console.error(`orch: Node ${process.versions.node} is too old — install Node 20.19 or newer`);
  process.exitCode = 1;
}

/**
 * Has Node keep the code that V8 compiles, and check and use it at the next start. Node 20 cannot, and compiles each time.
 * Without a safe folder all is as without: code from a file is run, so no other user may be able to write it.
 */
function keepCompiledCode() {
  const { env } = process;
  if (module_.enableCompileCache === undefined || module_.getCompileCacheDir?.() !== undefined) return;
  // Compiled code that was kept makes coverage coarse.
  if (env.NODE_V8_COVERAGE !== undefined || env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  try {
    const folder = codeFolder(env);
    if (folder !== undefined) module_.enableCompileCache(folder);
  } catch {
    // A home that cannot be written, and the like.
  }
}

/** Made where it is missing; undefined where it would not be this user's alone. */
function codeFolder({ XDG_CACHE_HOME: xdg, HOME: home }) {
  const isGiven = xdg !== undefined && isAbsolute(xdg);
  if (!isGiven && (home === undefined || !isAbsolute(home))) return undefined;
  const cache = isGiven ? xdg : join(home, '.cache');
  const base = realpathSync.native(dirname(cache));
  if (!leadsOnlyThroughTrusted(base)) return undefined;
  const name = `${BUNDLE_HASH}-${hashOf(__dirname)}-${process.version}-${process.arch}`;
  let folder = base;
  for (const part of [basename(cache), 'orch', 'code', name]) {
    folder = join(folder, part);
    const isNew = mine(folder, folder !== join(base, basename(cache)));
    if (isNew === undefined) return undefined;
    if (isNew && part === name) removeOldest(join(folder, '..'), name);
  }
  return folder;
}

/** Whether no other user can put another folder in the place of `path`, or of one above it. */
function leadsOnlyThroughTrusted(path) {
  const parts = path.split(sep);
  return parts.every((_, at) => {
    const { uid, mode } = lstatSync(parts.slice(0, at + 1).join(sep) || sep);
    const isSticky = (mode & 0o1000) !== 0;
    return (uid === 0 || uid === process.geteuid?.()) && ((mode & 0o002) === 0 || isSticky);
  });
}

/** Makes a folder, or looks whether it is this user's; `isPrivate`: and can be written by no one else. Whether it is new; undefined: no. */
function mine(path, isPrivate) {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    mkdirSync(path, 0o700);
    return true;
  }
  const { uid, mode } = stats;
  const isSafe = stats.isDirectory() && uid === process.geteuid?.() && (mode & (isPrivate ? 0o022 : 0o002)) === 0;
  return isSafe ? false : undefined;
}

/** What an older orch or Node left is of no use to this one. */
function removeOldest(folder, kept) {
  const others = readdirSync(folder).filter((name) => name !== kept);
  const byAge = others
    .map((name) => join(folder, name))
    .map((path) => ({ path, age: lstatSync(path).mtimeMs }))
    .sort((a, b) => b.age - a.age);
  for (const { path } of byAge.slice(KEPT_FOLDERS - 1)) rmSync(path, { recursive: true, force: true });
}

/** Tells installations apart, whose files Node keeps by their paths. FNV-1a. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
}
