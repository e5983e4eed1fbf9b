#!/usr/bin/env node
// Kept in the tree, executable: a build writes dist/ anew without that mark, and npx sets it but the first time it meets a folder.
import '../dist/cli/main.js'
