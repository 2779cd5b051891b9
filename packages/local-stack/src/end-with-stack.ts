/**
 * Preloaded into the stack's Node processes: they hold a pipe from it as standard input, which ends when the stack
 * does, however that dies. Nothing is left running behind.
 */
process.stdin.once('end', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 3000).unref();
});
process.stdin.resume();
// The pipe alone must not keep a process alive that has finished.
(process.stdin as unknown as { unref?: () => void }).unref?.();
